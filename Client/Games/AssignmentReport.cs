using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Games;

/// <summary>The report of <c>oe assign</c>.</summary>
internal static class AssignmentReport
{
    private const int MostRows = 200;

    /// <param name="map">Drawn where there is one.</param>
    public static ReportBuilder Of(
        TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum, AssignmentSummary summary, MapChart? map)
    {
        var report = new ReportBuilder(
            $"Traffic assignment: {summary.Network}",
            $"{summary.Zones} zones, {summary.Nodes} nodes, {summary.Links} links, {Quantity.Number(summary.Demand)} trips");
        report.Fact("Relative gap", Text(summary.RelativeGap), "(TSTT - SPTT) / TSTT")
            .Fact("Objective", Text(summary.Objective), "Beckmann")
            .Fact("Total travel time", Text(summary.TotalTravelTime));
        if (optimum is not null)
        {
            report.Fact("System optimum", Text(optimum.TotalTravelTime), "total travel time")
                .Fact("Price of anarchy", Text(summary.PriceOfAnarchy!.Value));
        }
        report.Fact("Links over capacity", $"{summary.LinksOverCapacity}", $"of {summary.Links}")
            .Fact("Highest flow / capacity", Text(summary.HighestSaturation));
        if (summary.IntrazonalDemand > 0)
        {
            report.Fact("Trips inside a zone", Text(summary.IntrazonalDemand), "take no link, not in the demand");
        }
        report.Section("Link flows");
        if (map is not null)
        {
            report.Add(map);
        }
        return report.Add(Table(equilibrium));
    }

    private static ReportTable Table(TrafficEquilibrium equilibrium)
    {
        var times = equilibrium.LinkTimes();
        return new ReportTable(
            ["link", "flow", "flow / capacity", "time", "Pigou toll x t'(x)"],
            [.. equilibrium.Network.Links.Index().OrderByDescending(entry => equilibrium.LinkFlows[entry.Index])
                .Take(MostRows)
                .Select(entry => (string[])
                [
                    $"{Number(entry.Item.From)} to {Number(entry.Item.To)}",
                    Text(equilibrium.LinkFlows[entry.Index]),
                    Text(AssignmentSummary.Saturation(equilibrium, entry.Index)),
                    Text(times[entry.Index]),
                    Text(equilibrium.Costs.Externality(entry.Index, equilibrium.LinkFlows[entry.Index])),
                ])])
        {
            Title = $"The {Math.Min(MostRows, times.Length)} links of largest flow",
            Folded = true,
        };

        long Number(int node) => equilibrium.Network.NumberOf(node);
    }

    private static string Text(double value) => value.ToString("g8", CultureInfo.InvariantCulture);
}
