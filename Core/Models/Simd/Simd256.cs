using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>8 lanes in one 256-bit register.</summary>
internal readonly unsafe struct Simd256(Vector256<float> value) : ISimdVector<Simd256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;

    public static Simd256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(Simd256 left, Simd256 right, Simd256 addend) =>
        new(Vector256.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(float* factor, Simd256 vector, Simd256 addend) =>
        MultiplyAdd(Broadcast(*factor), vector, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 left, Simd256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 IfGreater(Simd256 left, Simd256 right, Simd256 yes, Simd256 no) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(left._value, right._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 BroadcastInteger(int value) => new(Vector256.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadIntegers(byte* source)
    {
        if (Avx2.IsSupported)
        {
            return new(Avx2.ConvertToVector256Int32(source).AsSingle());
        }
        var shorts = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)source).AsByte());
        var (low, high) = Vector128.Widen(shorts);
        return new(Vector256.Create(low, high).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 IfEqual(Simd256 left, Simd256 right, Simd256 yes, Simd256 no) =>
        new(Vector256.ConditionalSelect(
            Vector256.Equals(left._value.AsInt32(), right._value.AsInt32()).AsSingle(), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 AddIntegers(Simd256 left, Simd256 right) =>
        new((left._value.AsInt32() + right._value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 AndIntegers(Simd256 left, Simd256 right) =>
        new((left._value.AsInt32() & right._value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Lookup(float* table, Simd256 index)
    {
        var integers = index._value.AsInt32();
        var lanes = integers & Vector256.Create(7);
        return new(Vector256.ConditionalSelect(
            Vector256.Equals(lanes, integers).AsSingle(), Vector256.ShuffleNative(Vector256.Load(table), lanes),
            Vector256.ShuffleNative(Vector256.Load(table + 8), lanes)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreIntegers(byte* target)
    {
        var integers = _value.AsUInt32();
        var shorts = Vector128.Narrow(integers.GetLower(), integers.GetUpper());
        *(ulong*)target = Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar();
    }
}
