using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Client.Runs;

/// <summary>The machine and runtime of this process.</summary>
internal sealed record MachineDescription
{
    public string OperatingSystem { get; } = RuntimeInformation.OSDescription;

    public string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString();

    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Bits of the widest vectors that are accelerated; 0 when none are.</summary>
    public int VectorBits { get; } = Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    /// <summary>Memory that the process may use.</summary>
    public long MemoryBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The machine in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Cores} cores ({Architecture}, {VectorBits}-bit vectors), {MemoryBytes / 1e9:0.#} GB, {OperatingSystem}, {Runtime}");
}
