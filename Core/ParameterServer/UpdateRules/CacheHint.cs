using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>Tells the processor what will be read, so that many cache misses are under way at once.</summary>
internal static unsafe class CacheHint
{
    /// <summary>
    /// Memory at <paramref name="place"/> will be read soon. No effect where .NET has no such instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WillRead<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
        {
            // A hint does no harm if the collector moves the memory meanwhile.
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        }
    }
}
