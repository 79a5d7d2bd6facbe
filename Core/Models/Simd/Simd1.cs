using System.Runtime.CompilerServices;

namespace OrleansEdge.Core.Models.Simd;

/// <summary>One lane: the scalar path.</summary>
internal readonly unsafe struct Simd1(float value) : ISimdVector<Simd1>
{
    private readonly float _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 MultiplyAdd(Simd1 left, Simd1 right, Simd1 addend) =>
        new(MathF.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator +(Simd1 left, Simd1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 IfGreater(Simd1 left, Simd1 right, Simd1 yes, Simd1 no) =>
        left._value > right._value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 IfEqual(Simd1 left, Simd1 right, Simd1 yes, Simd1 no) =>
        left._value == right._value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 LoadBytes(byte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => *target = _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* target) => *target = (byte)_value;
}
