using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;
using OrleansEdge.Simulation.Messaging;

namespace OrleansEdge.Simulation.Wire;

/// <summary>Finds how the values of a type are measured.</summary>
internal static class WireTypes
{
    private static readonly Dictionary<Type, Delegate> Simple = new()
    {
        [typeof(byte)] = new WireMeasure<byte>((ref WireMeter m, byte v) => m.Fixed(v, 1)),
        [typeof(sbyte)] = new WireMeasure<sbyte>((ref WireMeter m, sbyte v) => m.Fixed((byte)v, 1)),
        [typeof(bool)] = new WireMeasure<bool>((ref WireMeter m, bool v) => m.Fixed(v ? 1UL : 0UL, 1)),
        [typeof(short)] = new WireMeasure<short>((ref WireMeter m, short v) => m.Signed(v)),
        [typeof(ushort)] = new WireMeasure<ushort>((ref WireMeter m, ushort v) => m.Unsigned(v)),
        [typeof(char)] = new WireMeasure<char>((ref WireMeter m, char v) => m.Unsigned(v)),
        [typeof(int)] = new WireMeasure<int>((ref WireMeter m, int v) => m.Signed(v)),
        [typeof(uint)] = new WireMeasure<uint>((ref WireMeter m, uint v) => m.Unsigned(v)),
        [typeof(long)] = new WireMeasure<long>((ref WireMeter m, long v) => m.Signed(v)),
        [typeof(ulong)] = new WireMeasure<ulong>((ref WireMeter m, ulong v) => m.Unsigned(v)),
        [typeof(Half)] = new WireMeasure<Half>((ref WireMeter m, Half v) => m.Fixed(BitConverter.HalfToUInt16Bits(v), 2)),
        [typeof(float)] =
            new WireMeasure<float>((ref WireMeter m, float v) => m.Fixed(BitConverter.SingleToUInt32Bits(v), 4)),
        [typeof(double)] =
            new WireMeasure<double>((ref WireMeter m, double v) => m.Fixed(BitConverter.DoubleToUInt64Bits(v), 8)),
        [typeof(decimal)] = new WireMeasure<decimal>(MeasureDecimal),
        [typeof(Guid)] = new WireMeasure<Guid>(MeasureGuid),
        [typeof(Int128)] = new WireMeasure<Int128>((ref WireMeter m, Int128 v) => Wide(ref m, (UInt128)v)),
        [typeof(UInt128)] = new WireMeasure<UInt128>(Wide),
        [typeof(TimeSpan)] = new WireMeasure<TimeSpan>((ref WireMeter m, TimeSpan v) => m.Fixed((ulong)v.Ticks, 8)),
        [typeof(DateTime)] = new WireMeasure<DateTime>((ref WireMeter m, DateTime v) => m.Fixed((ulong)v.ToBinary(), 8)),
        [typeof(DateTimeOffset)] = new WireMeasure<DateTimeOffset>(MeasureMoment),
        [typeof(string)] = new WireMeasure<string>((ref WireMeter m, string v) => m.Text(v)),
        [typeof(byte[])] = new WireMeasure<byte[]>((ref WireMeter m, byte[] v) => m.Blob(v)),
        [typeof(float[])] = new WireMeasure<float[]>((ref WireMeter m, float[] v) => m.FixedArray<float>(v)),
        [typeof(double[])] = new WireMeasure<double[]>((ref WireMeter m, double[] v) => m.FixedArray<double>(v)),
        [typeof(ReadOnlyMemory<byte>)] =
            new WireMeasure<ReadOnlyMemory<byte>>((ref WireMeter m, ReadOnlyMemory<byte> v) => m.Blob(v.Span)),
        [typeof(Memory<byte>)] = new WireMeasure<Memory<byte>>((ref WireMeter m, Memory<byte> v) => m.Blob(v.Span)),
        [typeof(ArraySegment<byte>)] =
            new WireMeasure<ArraySegment<byte>>((ref WireMeter m, ArraySegment<byte> v) => m.Blob(v)),
        [typeof(CancellationToken)] = new WireMeasure<CancellationToken>((ref WireMeter m, CancellationToken v) => m.Null()),
    };

    // Immutable hash collections are missing: their order of iteration differs from process to process.
    private static readonly Type[] SequenceTypes =
    [
        typeof(List<>), typeof(Queue<>), typeof(Stack<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(ImmutableArray<>),
        typeof(ImmutableList<>), typeof(IEnumerable<>), typeof(IReadOnlyCollection<>),
        typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IList<>), typeof(ISet<>), typeof(IReadOnlySet<>),
        typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(IDictionary<,>),
        typeof(IReadOnlyDictionary<,>),
    ];

    /// <summary>
    /// The measure of a type; for a type that cannot stand in a message, one that says so when it is used.
    /// </summary>
    public static WireMeasure<T> Make<T>()
    {
        try
        {
            return (WireMeasure<T>)Make(typeof(T));
        }
        catch (InvalidOperationException exception)
        {
            return (ref WireMeter meter, T value) => throw new InvalidOperationException(exception.Message);
        }
    }

    /// <summary>
    /// Collections are measured by their elements, grain references by their key, whatever class they have.
    /// </summary>
    public static bool IsMeasuredAsDeclared(Type type) =>
        type.IsArray || ElementOf(type) is not null || typeof(IGrainWithStringKey).IsAssignableFrom(type);

    /// <summary>The name of a type on the wire: its alias, or its full name.</summary>
    public static string NameOf(Type type) =>
        type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;

    /// <summary>The [Id] members of a type in the order of the wire: base types first, then by number.</summary>
    public static IReadOnlyList<(uint Id, MemberInfo Member)> MembersOf(Type type)
    {
        var members = new List<(uint Id, MemberInfo Member)>();
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            const BindingFlags own =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            var declared = level.GetMembers(own)
                .Where(member => member is FieldInfo or PropertyInfo && member.IsDefined(typeof(IdAttribute)))
                .Select(member => (member.GetCustomAttribute<IdAttribute>()!.Id, member))
                .OrderBy(pair => pair.Id);
            members.InsertRange(0, declared);
        }
        return members;
    }

    private static Delegate Make(Type type)
    {
        if (Simple.TryGetValue(type, out var simple))
        {
            return simple;
        }
        if (type.IsEnum)
        {
            return Call(nameof(MakeEnum), type);
        }
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Call(nameof(MakeNullable), underlying);
        }
        if (typeof(IGrainWithStringKey).IsAssignableFrom(type))
        {
            return Call(nameof(MakeReference), type);
        }
        if (ElementOf(type) is { } element)
        {
            return type.IsArray ? Call(nameof(MakeArray), element) : Call(nameof(MakeSequence), type, element);
        }
        return WireObjects.Make(type);
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsSZArray)
        {
            return type.GetElementType();
        }
        if (!type.IsGenericType || !SequenceTypes.Contains(type.GetGenericTypeDefinition()))
        {
            return null;
        }
        var arguments = type.GetGenericArguments();
        return arguments.Length == 2 ? typeof(KeyValuePair<,>).MakeGenericType(arguments) : arguments[0];
    }

    private static Delegate Call(string method, params Type[] arguments) =>
        (Delegate)typeof(WireTypes).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(arguments).Invoke(null, null)!;

    private static WireMeasure<T> MakeEnum<T>() where T : struct, Enum =>
        (ref WireMeter meter, T value) => meter.Signed(Unsafe.SizeOf<T>() switch
        {
            sizeof(byte) => Unsafe.BitCast<T, byte>(value),
            sizeof(short) => Unsafe.BitCast<T, short>(value),
            sizeof(int) => Unsafe.BitCast<T, int>(value),
            _ => Unsafe.BitCast<T, long>(value),
        });

    private static WireMeasure<T?> MakeNullable<T>() where T : struct =>
        (ref WireMeter meter, T? value) =>
        {
            meter.Fixed(value.HasValue ? 1UL : 0UL, 1);
            if (value.HasValue)
            {
                WireCodec.Measure(ref meter, value.Value);
            }
        };

    private static WireMeasure<T> MakeReference<T>() where T : IGrainWithStringKey =>
        (ref WireMeter meter, T value) =>
        {
            meter.Text(value is GrainProxy proxy ? proxy.Entry.Key : throw new InvalidOperationException(
                $"A message holds a grain itself ({value.GetType()}) and not a reference to it."));
            meter.Fixed(0, 8);
        };

    private static WireMeasure<T[]> MakeArray<T>() =>
        (ref WireMeter meter, T[] values) =>
        {
            meter.Unsigned((ulong)values.Length);
            foreach (var value in values)
            {
                WireCodec.Measure(ref meter, value);
            }
        };

    private static WireMeasure<TSequence> MakeSequence<TSequence, T>() where TSequence : IEnumerable<T> =>
        (ref WireMeter meter, TSequence values) =>
        {
            var count = 0UL;
            foreach (var value in values)
            {
                WireCodec.Measure(ref meter, value);
                count++;
            }
            meter.Unsigned(count);
        };

    private static void Wide(ref WireMeter meter, UInt128 value)
    {
        meter.Fixed((ulong)value, 8);
        meter.Fixed((ulong)(value >> 64), 8);
    }

    private static void MeasureDecimal(ref WireMeter meter, decimal value)
    {
        var bits = decimal.GetBits(value);
        meter.Fixed(((ulong)(uint)bits[0] << 32) | (uint)bits[1], 8);
        meter.Fixed(((ulong)(uint)bits[2] << 32) | (uint)bits[3], 8);
    }

    private static void MeasureGuid(ref WireMeter meter, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        meter.Fixed(BitConverter.ToUInt64(bytes), 8);
        meter.Fixed(BitConverter.ToUInt64(bytes[8..]), 8);
    }

    private static void MeasureMoment(ref WireMeter meter, DateTimeOffset value)
    {
        meter.Fixed((ulong)value.Ticks, 8);
        meter.Signed(value.TotalOffsetMinutes);
    }
}
