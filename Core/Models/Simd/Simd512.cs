using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>16 lanes in one 512-bit register.</summary>
internal readonly unsafe struct Simd512(Vector512<float> value) : ISimdVector<Simd512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;

    public static Simd512 Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(Simd512 left, Simd512 right, Simd512 addend) =>
        new(Vector512.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(float* factor, Simd512 vector, Simd512 addend) =>
        MultiplyAdd(Broadcast(*factor), vector, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 left, Simd512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 IfGreater(Simd512 left, Simd512 right, Simd512 yes, Simd512 no) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(left._value, right._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 BroadcastInteger(int value) => new(Vector512.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadIntegers(byte* source)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.ConvertToVector512Int32(Vector128.Load(source)).AsSingle());
        }
        var (lower, upper) = Vector128.Widen(Vector128.Load(source));
        var (low, high) = Vector256.Widen(Vector256.Create(lower, upper));
        return new(Vector512.Create(low, high).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 IfEqual(Simd512 left, Simd512 right, Simd512 yes, Simd512 no) =>
        new(Vector512.ConditionalSelect(
            Vector512.Equals(left._value.AsInt32(), right._value.AsInt32()).AsSingle(), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 AddIntegers(Simd512 left, Simd512 right) =>
        new((left._value.AsInt32() + right._value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 AndIntegers(Simd512 left, Simd512 right) =>
        new((left._value.AsInt32() & right._value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Lookup(float* table, Simd512 index) =>
        new(Vector512.ShuffleNative(Vector512.Load(table), index._value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreIntegers(byte* target)
    {
        var integers = _value.AsUInt32();
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(integers).Store(target);
            return;
        }
        var shorts = Vector256.Narrow(integers.GetLower(), integers.GetUpper());
        Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(target);
    }
}
