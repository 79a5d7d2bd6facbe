using OrleansEdge.Core.Games.Network;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>
/// Reads a TNTP trips file ("..._trips.tntp"): "Origin n" and then "destination : trips;" any number of times. Lines do
/// not matter. A file without any ";" is read as well; in one that has them, an entry without it is cut off.
/// </summary>
public static class TntpTripsReader
{
    private const string Zones = "NUMBER OF ZONES";
    private const string Total = "TOTAL OD FLOW";
    private const string Multiplier = "DEMAND MULTIPLIER";
    private const string TollFactor = "TOLL FACTOR";
    private const string DistanceFactor = "DISTANCE FACTOR";
    private const string Entry = "destination : trips;";
    private const string Origin = "Origin";

    /// <summary>Files round their own totals; a larger share of difference is warned of.</summary>
    private const double TotalTolerance = 1e-5;

    /// <summary>The most trips of one pair: above it, numbers no longer tell single trips apart.</summary>
    private const double MostTrips = 1e15;

    /// <summary>Reads the trips of a network.</summary>
    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66); or a statement is cut short, a zone is unknown, trips have no path, are below 0 or are
    /// more than the network's travel times can be computed for (65).
    /// </exception>
    public static TntpTrips Read(string path, TntpNetwork network)
    {
        var file = TntpFile.Read(path, Zones, Total, Multiplier, TollFactor, DistanceFactor);
        var zones = (int)file.Count(Zones, 1, int.MaxValue);
        CheckZones(file, zones, network);
        var entries = new Entries(file, network);
        var trips = entries.Read();
        if (entries.ZoneCount > zones)
        {
            throw file.Wrong(file.LineOf(Zones), $"<{Zones}> {zones}", $"at least the {entries.ZoneCount} with trips");
        }
        WarnOfTotal(file, entries.Sum);
        RequirePaths(file, network.Network, trips, entries.Lines);
        var multiplier = file.MetadataNumber(Multiplier) ?? 1;
        if (multiplier != 1)
        {
            trips = trips.ConvertAll(trip => trip with { Flow = Limited(trip.Flow * multiplier, file, Multiplier) });
        }
        var demand = new TravelDemand(network.Network.ZoneCount, trips);
        RequireFiniteTimes(file, network.Network, demand.Total);
        var repeated = trips.Count(trip => trip.Flow > 0 && trip.Origin != trip.Destination) - demand.Pairs.Count;
        if (repeated > 0)
        {
            file.Warn(file.LastLine, $"{repeated} entries name a pair again; their trips are added up");
        }
        return new TntpTrips
        {
            Demand = demand,
            IntrazonalTrips = trips.Where(trip => trip.Origin == trip.Destination).Sum(trip => trip.Flow),
            TollFactor = file.MetadataNumber(TollFactor),
            DistanceFactor = file.MetadataNumber(DistanceFactor),
            Warnings = file.Warnings,
        };
    }

    private static void CheckZones(TntpFile file, int zones, TntpNetwork network)
    {
        if (zones > network.Zones)
        {
            throw file.Wrong(
                file.LineOf(Zones), $"<{Zones}> {zones}", $"at most {network.Zones} as in the network's file");
        }
        if (zones < network.Zones)
        {
            file.Warn(file.LineOf(Zones), $"<{Zones}> {zones}, and {network.Zones} in the network's file");
        }
    }

    private static void WarnOfTotal(TntpFile file, double sum)
    {
        if (file.MetadataNumber(Total) is { } declared
            && Math.Abs(sum - declared) > TotalTolerance * Math.Max(sum, declared))
        {
            file.Warn(file.LineOf(Total), FormattableString.Invariant(
                $"<{Total}> {declared}, and the file holds {sum} trips; those are taken"));
        }
    }

    private static double Limited(double flow, TntpFile file, string key) => flow <= MostTrips
        ? flow
        : throw file.Wrong(file.LineOf(key), FormattableString.Invariant($"<{key}> makes {flow} trips of a pair's"),
            FormattableString.Invariant($"at most {MostTrips}"));

    private static void RequirePaths(TntpFile file, TrafficNetwork network, List<Trips> trips, List<int> lines)
    {
        var tree = new ShortestPathTree(network.Graph, network.FirstThroughNode - 1);
        var free = new double[network.Links.Count];
        foreach (var entries in trips.Index().Where(trip => trip.Item.Flow > 0).GroupBy(trip => trip.Item.Origin))
        {
            tree.Grow(entries.Key - 1, free);
            foreach (var (index, (origin, destination, flow)) in entries)
            {
                if (double.IsPositiveInfinity(tree.Distances[destination - 1]))
                {
                    throw file.Wrong(
                        lines[index],
                        FormattableString.Invariant($"{flow} trips from {network.NumberOf(origin)} to ")
                        + $"{network.NumberOf(destination)} have no path",
                        "one over open links, through no node below <FIRST THRU NODE>");
                }
            }
        }
    }

    /// <summary>No flow that can arise may take longer than a number holds.</summary>
    private static void RequireFiniteTimes(TntpFile file, TrafficNetwork network, double total)
    {
        for (var i = 0; i < network.Links.Count; i++)
        {
            var link = network.Links[i];
            var time = link.FreeFlowTime * (1 + (link.B * Math.Pow(total / link.Capacity, link.Power)));
            if (!link.IsClosed && link.FreeFlowTime > 0 && link.B > 0 && !double.IsFinite(time))
            {
                throw file.Wrong(
                    file.LastLine,
                    FormattableString.Invariant($"all {total} trips on the link from {network.NumberOf(link.From)} to ")
                    + FormattableString.Invariant($"{network.NumberOf(link.To)}, of capacity {link.Capacity}, power ")
                    + FormattableString.Invariant($"{link.Power}, B {link.B}, would take longer than a number holds"),
                    "fewer trips or other numbers of the link");
            }
        }
    }

    /// <summary>The entries of one file.</summary>
    private sealed class Entries(TntpFile file, TntpNetwork network)
    {
        private readonly TntpTokens _tokens = new(file);
        private readonly HashSet<int> _zones = [];
        private readonly bool _hasMarks = file.Data.Exists(line => line.Text.Contains(';', StringComparison.Ordinal));

        /// <summary>Where each entry begins.</summary>
        public List<int> Lines { get; } = [];

        /// <summary>Of all entries, those inside a zone included.</summary>
        public double Sum { get; private set; }

        /// <summary>Zones with trips.</summary>
        public int ZoneCount => _zones.Count;

        public List<Trips> Read()
        {
            var trips = new List<Trips>();
            var origin = 0;
            var hasMore = _tokens.Next();
            while (hasMore)
            {
                if (_tokens.Text.StartsWith(Origin, StringComparison.OrdinalIgnoreCase))
                {
                    origin = ReadOrigin();
                    hasMore = _tokens.Next();
                }
                else if (_tokens.Text is ";")
                {
                    hasMore = _tokens.Next();
                }
                else
                {
                    trips.Add(ReadEntry(origin, out hasMore));
                }
            }
            return trips;
        }

        private int ReadOrigin()
        {
            if (_tokens.Text.Length > Origin.Length)
            {
                return Zone(Origin, _tokens.Text[Origin.Length..]);
            }
            return _tokens.Next() ? Zone(Origin, _tokens.Text) : throw file.Wrong(_tokens.Line, Origin, "its number");
        }

        private Trips ReadEntry(int origin, out bool hasMore)
        {
            var (line, first) = (_tokens.Line, _tokens.Text.ToString());
            if (origin == 0)
            {
                throw file.Wrong(line, first, "an Origin line first");
            }
            if (!_tokens.Next() || _tokens.Text is not ":" || !_tokens.Next())
            {
                throw file.Wrong(line, first, Entry);
            }
            var destination = Zone(line, "destination", first);
            var flow = file.Number(_tokens.Line, $"trips to {first}:", _tokens.Text);
            if (flow is not (>= 0 and <= MostTrips))
            {
                throw file.Wrong(_tokens.Line, FormattableString.Invariant($"trips to {first}: {flow}"),
                    FormattableString.Invariant($"a number of at least 0 and at most {MostTrips}"));
            }
            hasMore = _tokens.Next();
            if (_hasMarks && _tokens.Text is not ";")
            {
                throw file.Wrong(
                    line, FormattableString.Invariant($"the entry \"{first} : {flow}\" has no \";\""), Entry);
            }
            if (flow > 0)
            {
                _zones.Add(origin);
                _zones.Add(destination);
            }
            Sum += flow;
            Lines.Add(line);
            return new Trips(origin, destination, flow);
        }

        private int Zone(string name, ReadOnlySpan<char> text) => Zone(_tokens.Line, name, text);

        private int Zone(int line, string name, ReadOnlySpan<char> text)
        {
            var number = file.Integer(line, name, text);
            var node = network.NodeOf(number);
            if (node >= 1 && node <= network.Network.ZoneCount)
            {
                return node;
            }
            throw file.Wrong(line, $"{name} {number}", network.Network.NodeNumbers is null
                ? $"a zone from 1 to {network.Zones}"
                : "the number of one of the network's nodes");
        }
    }
}
