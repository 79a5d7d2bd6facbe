using System.Collections.Concurrent;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Wire;

/// <summary>
/// Values whose type at run time is not the declared one: the type's name goes on the wire with them.
/// </summary>
internal static class WireSubtypes
{
    private static readonly ConcurrentDictionary<Type, Meter> Meters = new();

    public static void Measure(ref WireMeter meter, object value)
    {
        var type = value.GetType();
        if (!Meters.TryGetValue(type, out var subtype))
        {
            subtype = Meters.GetOrAdd(type, Make);
        }
        subtype.Measure(ref meter, value);
    }

    private static Meter Make(Type type) =>
        (Meter)Activator.CreateInstance(typeof(Meter<>).MakeGenericType(type))!;

    private abstract class Meter
    {
        public abstract void Measure(ref WireMeter meter, object value);
    }

    private sealed class Meter<T> : Meter
    {
        private readonly string _name = WireTypes.NameOf(typeof(T));
        private readonly ulong _hash = StableHash.Of(WireTypes.NameOf(typeof(T)));

        public override void Measure(ref WireMeter meter, object value)
        {
            meter.Fixed(_hash, _name.Length + 1);
            WireType<T>.Measure(ref meter, (T)value);
        }
    }
}
