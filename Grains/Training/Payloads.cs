using OrleansEdge.Core.Compression;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Payloads from numbers.</summary>
internal static class Payloads
{
    /// <summary>Single-precision numbers as they are.</summary>
    public static Payload Dense(ReadOnlySpan<float> values)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(DenseCodec.EncodedLength(values.Length));
        DenseCodec.Encode(values, bytes);
        return new Payload(PayloadFormat.DenseFloat32, values.Length, bytes);
    }
}
