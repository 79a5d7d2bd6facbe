namespace OrleansEdge.Core.Models.Simd;

/// <summary>
/// Neighbouring single-precision numbers held in registers: one vector, or a <see cref="SimdPair{T}"/>.
/// </summary>
internal unsafe interface ISimdBlock<TSelf>
    where TSelf : struct, ISimdBlock<TSelf>
{
    /// <summary>Numbers in the block.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>
    /// factor * vector + addend, each number rounded once. The factor comes by address because one that is broadcast
    /// straight from memory costs no instruction of its own.
    /// </summary>
    static abstract TSelf MultiplyAdd(float* factor, TSelf vector, TSelf addend);

    void Store(float* target);
}
