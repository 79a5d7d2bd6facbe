using System.Numerics;

namespace OrleansEdge.Core.Games;

/// <summary>
/// A number m 2^e of any length. Every finite double and integer is one, and their sums and products are formed without
/// rounding: what costs are compared by where doubles are too close to tell.
/// </summary>
public readonly struct Dyadic : IEquatable<Dyadic>, IComparable<Dyadic>
{
    private const int LeastExponent = -1074;
    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    private Dyadic(BigInteger mantissa, int exponent) => (_mantissa, _exponent) = (mantissa, exponent);

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _mantissa.Sign;

    /// <exception cref="OrleansEdgeException">The double is not finite (65).</exception>
    public static implicit operator Dyadic(double value)
    {
        Check.Data(double.IsFinite(value), $"{value}; expected a finite number");
        var bits = BitConverter.DoubleToInt64Bits(value);
        var (exponent, mantissa) = ((int)(bits >> 52) & 0x7FF, bits & ((1L << 52) - 1));
        mantissa |= exponent == 0 ? 0 : 1L << 52;
        return new Dyadic(bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) + LeastExponent - 1);
    }

    public static implicit operator Dyadic(long value) => new(value, 0);

    public static implicit operator Dyadic(BigInteger value) => new(value, 0);

    public static Dyadic operator +(Dyadic a, Dyadic b)
    {
        var exponent = Math.Min(a._exponent, b._exponent);
        return new Dyadic(a.At(exponent) + b.At(exponent), exponent);
    }

    public static Dyadic operator -(Dyadic a) => new(-a._mantissa, a._exponent);

    public static Dyadic operator -(Dyadic a, Dyadic b) => a + -b;

    public static Dyadic operator *(Dyadic a, Dyadic b) => new(a._mantissa * b._mantissa, a._exponent + b._exponent);

    public static bool operator <(Dyadic a, Dyadic b) => a.CompareTo(b) < 0;

    public static bool operator >(Dyadic a, Dyadic b) => a.CompareTo(b) > 0;

    public static bool operator <=(Dyadic a, Dyadic b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Dyadic a, Dyadic b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Dyadic a, Dyadic b) => a.Equals(b);

    public static bool operator !=(Dyadic a, Dyadic b) => !a.Equals(b);

    /// <summary>The nearest double, the even one of two; infinite where it is too large.</summary>
    public double Nearest => Rounded(out var rest, out var unit) is var whole && rest == 0 ? Scaled(whole, unit)
        : Scaled(whole + (IsUpperHalf(whole, rest, unit) ? 1 : 0), unit);

    /// <summary>The smallest double that is not below the number.</summary>
    public double Ceiling
    {
        get
        {
            var whole = Rounded(out var rest, out var unit);
            return Scaled(whole + (rest != 0 && Sign > 0 ? 1 : 0), unit);
        }
    }

    /// <summary>The largest double that is not above the number.</summary>
    public double Floor => -(-this).Ceiling;

    public int CompareTo(Dyadic other) =>
        Sign != other.Sign ? Sign.CompareTo(other.Sign) : (this - other).Sign;

    public bool Equals(Dyadic other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Dyadic other && Equals(other);

    public override int GetHashCode() => Nearest.GetHashCode();

    private BigInteger At(int exponent) => _mantissa << (_exponent - exponent);

    /// <summary>
    /// The first 53 digits as an integer of at most 2^53 in a power of two, without sign; the rest is in units of the
    /// number's own exponent.
    /// </summary>
    private BigInteger Rounded(out BigInteger rest, out int unit)
    {
        var mantissa = BigInteger.Abs(_mantissa);
        unit = Math.Max(LeastExponent, (int)mantissa.GetBitLength() + _exponent - 53);
        if (unit <= _exponent)
        {
            (rest, unit) = (0, _exponent);
            return mantissa;
        }
        var whole = mantissa >> (unit - _exponent);
        rest = mantissa - (whole << (unit - _exponent));
        return whole;
    }

    private bool IsUpperHalf(BigInteger whole, BigInteger rest, int unit) =>
        (rest << 1).CompareTo(BigInteger.One << (unit - _exponent)) is var order && (order > 0 || (order == 0 && !whole.IsEven));

    private double Scaled(BigInteger whole, int unit) => Sign * Math.ScaleB((double)whole, unit);
}
