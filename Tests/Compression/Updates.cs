using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Tests.Compression;

/// <summary>Sparse updates of every kind.</summary>
internal static class Updates
{
    /// <summary>A vector's update, and a range that it reaches beyond on both sides.</summary>
    public static (KeyRange Range, SparseUpdate Update) Random(ulong seed)
    {
        var random = new RandomStream(seed, "updates");
        var length = 1 + random.NextInt(1 << (1 + random.NextInt(16)));
        var start = random.NextInt(3) == 0 ? 0 : random.NextInt(1 << 20);
        var density = Math.Pow(10, -5 * random.NextDouble());
        var clusters = random.NextInt(2) == 0;
        var update = new SparseUpdate();
        var burst = 0;
        for (var i = Math.Max(0, start - 100); i < start + length + 100; i++)
        {
            burst = clusters && random.NextDouble() < density / 10 ? random.NextInt(50) : burst - 1;
            if (burst > 0 || random.NextDouble() < density)
            {
                update.Add(i, Value(ref random));
            }
        }
        return (new KeyRange(start, start + length), update);
    }

    /// <summary>
    /// floor(density length) entries as a selection brings them: values of a few powers of two, at uniform
    /// positions or with a tenth of the places taking most of them.
    /// </summary>
    public static SparseUpdate Selected(ulong seed, int length, double density, bool clustered, float value = 0)
    {
        var random = new RandomStream(seed, "selected");
        var taken = new HashSet<int>();
        while (taken.Count < (int)(density * length))
        {
            var place = random.NextInt(length);
            if (!clustered || place / 64 % 10 == 0 || random.NextInt(5) == 0)
            {
                taken.Add(place);
            }
        }
        var update = new SparseUpdate();
        foreach (var place in taken.Order())
        {
            update.Add(place, value != 0 ? value : (float)(Math.Exp(2 * random.NextNormal()) * 1e-3));
        }
        return update;
    }

    private static float Value(ref RandomStream random) => random.NextInt(20) switch
    {
        0 => 0,
        1 => -0f,
        2 => float.Epsilon * (1 + random.NextInt(1 << 22)),
        3 => float.MaxValue,
        4 => AnyFinite(ref random),
        _ => (float)(random.NextNormal() * 1e-3),
    };

    private static float AnyFinite(ref RandomStream random)
    {
        var value = BitConverter.Int32BitsToSingle((int)random.NextUInt64());
        return float.IsFinite(value) ? value : 1;
    }
}
