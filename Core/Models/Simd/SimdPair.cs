using System.Runtime.CompilerServices;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>Two vectors. A kernel on pairs reads each factor once for both.</summary>
internal readonly unsafe struct SimdPair<T>(T first, T second) : ISimdBlock<SimdPair<T>>
    where T : struct, ISimdVector<T>
{
    private readonly T _first = first;
    private readonly T _second = second;

    public static int Count => 2 * T.Count;

    public static SimdPair<T> Zero => new(T.Zero, T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdPair<T> Load(float* source) => new(T.Load(source), T.Load(source + T.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdPair<T> operator +(SimdPair<T> left, SimdPair<T> right) =>
        new(left._first + right._first, left._second + right._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdPair<T> MultiplyAdd(float* factor, SimdPair<T> vector, SimdPair<T> addend) =>
        MultiplyAdd(T.Broadcast(*factor), vector, addend);

    /// <summary>factor * vector + addend for both vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdPair<T> MultiplyAdd(T factor, SimdPair<T> vector, SimdPair<T> addend) =>
        new(T.MultiplyAdd(factor, vector._first, addend._first),
            T.MultiplyAdd(factor, vector._second, addend._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => Store(target, target + T.Count);

    /// <summary>Writes the vectors to different places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* first, float* second)
    {
        _first.Store(first);
        _second.Store(second);
    }
}
