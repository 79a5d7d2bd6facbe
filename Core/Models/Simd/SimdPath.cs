using System.Runtime.Intrinsics.Arm;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>
/// The instruction set that a model's kernels use. All give the same bits: only their speed differs.
/// </summary>
public enum SimdPath
{
    /// <summary>One element at a time.</summary>
    Scalar,

    /// <summary>8 elements at a time (AVX2 with FMA, or two NEON registers).</summary>
    Vector256,

    /// <summary>16 elements at a time (AVX-512).</summary>
    Vector512,
}

/// <summary>What this machine supports.</summary>
public static class SimdPaths
{
    /// <summary>Whether there are 32 vector registers rather than 16; a constant to the compiler.</summary>
    internal static bool HasManyRegisters =>
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported;

    /// <summary>The widest path that the hardware accelerates.</summary>
    public static SimdPath Best { get; } =
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? SimdPath.Vector512
        : System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? SimdPath.Vector256
        : SimdPath.Scalar;
}
