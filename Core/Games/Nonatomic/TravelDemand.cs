namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>Trips between two different zones.</summary>
/// <param name="Origin">Counted from 1.</param>
/// <param name="Destination">Counted from 1.</param>
/// <param name="Flow">Above 0, in vehicles per hour.</param>
public readonly record struct Trips(int Origin, int Destination, double Flow);

/// <summary>
/// An origin-destination matrix without its zeros, grouped by origin. Trips inside a zone take no link and are left
/// out.
/// </summary>
public sealed class TravelDemand
{
    /// <param name="zoneCount">Zones are 1 to this.</param>
    /// <param name="trips">In any order; a pair that comes twice is added up.</param>
    /// <exception cref="OrleansEdgeException">A zone is unknown or a flow is no number of at least 0 (65).</exception>
    public TravelDemand(int zoneCount, IEnumerable<Trips> trips)
    {
        ZoneCount = zoneCount;
        var sums = new SortedDictionary<(int Origin, int Destination), double>();
        foreach (var trip in trips)
        {
            Check.Data(trip.Origin >= 1 && trip.Origin <= zoneCount,
                $"origin {trip.Origin}; expected 1 to {zoneCount}");
            Check.Data(trip.Destination >= 1 && trip.Destination <= zoneCount,
                $"destination {trip.Destination}; expected 1 to {zoneCount}");
            Check.Data(trip.Flow >= 0 && double.IsFinite(trip.Flow), FormattableString.Invariant(
                $"origin {trip.Origin}, destination {trip.Destination}: {trip.Flow} trips; expected a number of at least 0"));
            if (trip.Flow > 0 && trip.Origin != trip.Destination)
            {
                var pair = (trip.Origin, trip.Destination);
                sums[pair] = sums.GetValueOrDefault(pair) + trip.Flow;
            }
        }
        Pairs = [.. sums.Select(entry => new Trips(entry.Key.Origin, entry.Key.Destination, entry.Value))];
        FirstOfOrigin = [.. Pairs.Index().Where(
            entry => entry.Index == 0 || entry.Item.Origin != Pairs[entry.Index - 1].Origin)
            .Select(entry => entry.Index), Pairs.Count];
        Total = Pairs.Sum(pair => pair.Flow);
    }

    public int ZoneCount { get; }

    /// <summary>The pairs with trips, by origin and destination.</summary>
    public IReadOnlyList<Trips> Pairs { get; }

    /// <summary>The sum of all flows.</summary>
    public double Total { get; }

    /// <summary>[origins + 1] where each origin's pairs start.</summary>
    internal int[] FirstOfOrigin { get; }
}
