namespace OrleansEdge.Core.Models.Simd;

/// <summary>
/// A short vector of single-precision numbers. Kernels are written once over this interface and compiled once per width.
/// Every operation works lane by lane and rounds as IEEE 754 says, so the widths agree bit for bit.
/// </summary>
internal unsafe interface ISimdVector<TSelf>
    where TSelf : struct, ISimdVector<TSelf>
{
    /// <summary>Lanes; divides 16.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Broadcast(float value);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane by lane: left > right ? yes : no.</summary>
    static abstract TSelf IfGreater(TSelf left, TSelf right, TSelf yes, TSelf no);

    /// <summary>Lane by lane: left == right ? yes : no.</summary>
    static abstract TSelf IfEqual(TSelf left, TSelf right, TSelf yes, TSelf no);

    /// <summary>Reads small integers, one byte a lane.</summary>
    static abstract TSelf LoadBytes(byte* source);

    void Store(float* target);

    /// <summary>Writes lanes that hold integers from 0 to 255, one byte a lane.</summary>
    void StoreBytes(byte* target);
}
