using System.Runtime.CompilerServices;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>One lane: the scalar path. Its integers are kept as numbers, not as their bits.</summary>
internal readonly unsafe struct Simd1(float value) : ISimdVector<Simd1>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static Simd1 Zero => new(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 MultiplyAdd(Simd1 left, Simd1 right, Simd1 addend) =>
        new(MathF.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 MultiplyAdd(float* factor, Simd1 vector, Simd1 addend) =>
        MultiplyAdd(Broadcast(*factor), vector, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator +(Simd1 left, Simd1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 IfGreater(Simd1 left, Simd1 right, Simd1 yes, Simd1 no) =>
        left._value > right._value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 BroadcastInteger(int value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 LoadIntegers(byte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 IfEqual(Simd1 left, Simd1 right, Simd1 yes, Simd1 no) =>
        left._value == right._value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 AddIntegers(Simd1 left, Simd1 right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 AndIntegers(Simd1 left, Simd1 right) => new((int)left._value & (int)right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Lookup(float* table, Simd1 index) => new(table[(int)index._value]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => *target = _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreIntegers(byte* target) => *target = (byte)_value;
}
