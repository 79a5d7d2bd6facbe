using System.Runtime.CompilerServices;

namespace OrleansEdge.Simulation.Wire;

/// <summary>Adds one value to a meter.</summary>
internal delegate void WireMeasure<in T>(ref WireMeter meter, T value);

/// <summary>
/// Sizes of encoded messages. The encoding is fixed so that traffic can be compared between versions:
/// <list type="bullet">
/// <item>integers of 16 to 64 bits, enumerations and characters: variable length, seven bits a byte, signed ones zigzag;</item>
/// <item><c>bool</c> and bytes 1, <c>float</c> 4, <c>double</c> 8, times 8, <c>Guid</c> and <c>decimal</c> 16;</item>
/// <item>strings, byte blobs, arrays and collections: variable-length count, then the elements;</item>
/// <item>types with <c>[Id]</c> members: one byte a member, the member, one byte at the end;</item>
/// <item>a member that is a nullable struct with <c>[Id]</c> members: nothing when null, so that a type can grow one
/// and the messages that do without it keep their size and hash; otherwise as the struct;</item>
/// <item>a member that is an <see cref="Grains.Interfaces.Hosting.ObservationAttribute">observation</see>: nothing;</item>
/// <item>null elsewhere: one byte; another nullable value: one byte more than the value; a subtype in place of the
/// declared type: the length of its name more; a grain reference: its key and eight bytes.</item>
/// </list>
/// </summary>
internal static class WireCodec
{
    /// <summary>Adds <paramref name="value"/> to <paramref name="meter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Measure<T>(ref WireMeter meter, T value)
    {
        if (typeof(T) == typeof(int))
        {
            meter.Signed((int)(object)value!);
        }
        else if (typeof(T) == typeof(long))
        {
            meter.Signed((long)(object)value!);
        }
        else if (typeof(T) == typeof(double))
        {
            meter.Fixed((ulong)BitConverter.DoubleToInt64Bits((double)(object)value!), sizeof(double));
        }
        else if (typeof(T) == typeof(float))
        {
            meter.Fixed(BitConverter.SingleToUInt32Bits((float)(object)value!), sizeof(float));
        }
        else if (typeof(T) == typeof(bool))
        {
            meter.Fixed((bool)(object)value! ? 1UL : 0UL, 1);
        }
        else
        {
            MeasureGeneral(ref meter, value);
        }
    }

    private static void MeasureGeneral<T>(ref WireMeter meter, T value)
    {
        if (value is null)
        {
            meter.Null();
        }
        else if (typeof(T).IsValueType || value.GetType() == typeof(T) || WireType<T>.IsMeasuredAsDeclared)
        {
            WireType<T>.Measure(ref meter, value);
        }
        else
        {
            WireSubtypes.Measure(ref meter, value);
        }
    }
}

/// <summary>How values of one type are measured, made on first use.</summary>
internal static class WireType<T>
{
    /// <summary>Values of other classes at run time are measured as this one.</summary>
    public static readonly bool IsMeasuredAsDeclared = WireTypes.IsMeasuredAsDeclared(typeof(T));

    public static readonly WireMeasure<T> Measure = WireTypes.Make<T>();
}
