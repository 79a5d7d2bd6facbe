using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>
/// Reads a TNTP trips file ("..._trips.tntp"): "Origin n" and then "destination : trips;" any number of times.
/// </summary>
public static class TntpTripsReader
{
    /// <summary>
    /// Files round their own totals; more than this share of difference means that lines are missing.
    /// </summary>
    private const double TotalTolerance = 0.01;

    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66); or a line is cut short, a zone is unknown, trips are below 0, or they do not add up to
    /// the declared total (65).
    /// </exception>
    public static TravelDemand Read(string path)
    {
        var file = TntpFile.Read(path, hasMetadata: true);
        var zones = file.MetadataInt("NUMBER OF ZONES");
        var trips = new List<Trips>();
        var origin = 0;
        foreach (var (line, text) in file.Data)
        {
            if (text.StartsWith("Origin", StringComparison.OrdinalIgnoreCase))
            {
                origin = Zone(file, line, "Origin", text["Origin".Length..].Trim(), zones);
            }
            else
            {
                ReadEntries(file, line, text, origin, zones, trips);
            }
        }
        CheckTotal(file, trips);
        return new TravelDemand(zones, trips);
    }

    private static void ReadEntries(TntpFile file, int line, string text, int origin, int zones, List<Trips> trips)
    {
        if (origin == 0)
        {
            throw file.Wrong(line, text, "an Origin line first");
        }
        if (!text.EndsWith(';'))
        {
            throw file.Wrong(
                line, $"the line ends in \"{text[^Math.Min(text.Length, 12)..]}\"", "destination : trips;");
        }
        foreach (var entry in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length != 2)
            {
                throw file.Wrong(line, entry, "destination : trips;");
            }
            var destination = Zone(file, line, "destination", parts[0], zones);
            var flow = file.Number(line, $"trips to {destination}:", parts[1]);
            if (flow < 0)
            {
                throw file.Wrong(
                    line, FormattableString.Invariant($"trips to {destination}: {flow}"), "a number of at least 0");
            }
            trips.Add(new Trips(origin, destination, flow));
        }
    }

    private static int Zone(TntpFile file, int line, string name, string text, int zones)
    {
        var zone = file.Integer(line, name, text);
        return zone >= 1 && zone <= zones
            ? zone
            : throw file.Wrong(line, $"{name} {zone}", $"a zone from 1 to {zones}");
    }

    private static void CheckTotal(TntpFile file, List<Trips> trips)
    {
        var total = trips.Sum(trip => trip.Flow);
        if (file.MetadataDouble("TOTAL OD FLOW") is { } declared &&
            Math.Abs(total - declared) > TotalTolerance * Math.Max(total, declared))
        {
            throw file.Wrong(file.LastLine, FormattableString.Invariant($"{total} trips at the end of the file"),
                FormattableString.Invariant($"{declared} as in <TOTAL OD FLOW>"));
        }
    }
}
