namespace OrleansEdge.Core.Models.Simd;

/// <summary>
/// One vector register. Kernels are written once over this interface and compiled once per width. Every operation
/// works lane by lane and rounds as IEEE 754 says, so the widths agree bit for bit.
/// </summary>
internal unsafe interface ISimdVector<TSelf> : ISimdBlock<TSelf>
    where TSelf : struct, ISimdVector<TSelf>
{
    static abstract TSelf Broadcast(float value);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Lane by lane: left > right ? yes : no.</summary>
    static abstract TSelf IfGreater(TSelf left, TSelf right, TSelf yes, TSelf no);

    /// <summary>Lanes that hold an integer, in a form of the type's own.</summary>
    static abstract TSelf BroadcastInteger(int value);

    /// <summary>Reads integers from 0 to 255, one byte a lane.</summary>
    static abstract TSelf LoadIntegers(byte* source);

    /// <summary>Lane by lane, of integers: left == right ? yes : no.</summary>
    static abstract TSelf IfEqual(TSelf left, TSelf right, TSelf yes, TSelf no);

    /// <summary>Lane by lane, of integers: left + right.</summary>
    static abstract TSelf AddIntegers(TSelf left, TSelf right);

    /// <summary>Lane by lane, of integers: left AND right.</summary>
    static abstract TSelf AndIntegers(TSelf left, TSelf right);

    /// <summary>Lane by lane: table[index], of a table of 16 and integer indices from 0 to 15.</summary>
    static abstract TSelf Lookup(float* table, TSelf index);

    /// <summary>Writes integers from 0 to 255, one byte a lane.</summary>
    void StoreIntegers(byte* target);
}
