using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Games;

/// <summary>The report of <c>oe assign</c>.</summary>
internal static class AssignmentReport
{
    private const int MostRows = 200;

    public static ReportBuilder Of(
        TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum, AssignmentSummary summary, string networkFile)
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
        report.Section("Link flows");
        if (Coordinates(networkFile) is { } nodes && nodes.Count == summary.Nodes)
        {
            report.Add(Map(equilibrium, nodes));
        }
        return report.Add(Table(equilibrium));
    }

    /// <summary>
    /// The node file beside a network file, ..._node.tntp beside ..._net.tntp; null where there is none.
    /// </summary>
    private static Dictionary<int, TntpNode>? Coordinates(string networkFile)
    {
        var path = Path.Combine(
            Path.GetDirectoryName(networkFile) ?? "",
            Path.GetFileName(networkFile).Replace("_net", "_node", StringComparison.OrdinalIgnoreCase));
        return path != networkFile && File.Exists(path)
            ? TntpNodeReader.Read(path).DistinctBy(node => node.Node).ToDictionary(node => node.Node)
            : null;
    }

    private static MapChart Map(TrafficEquilibrium equilibrium, Dictionary<int, TntpNode> nodes)
    {
        var network = equilibrium.Network;
        var order = nodes.Values.OrderBy(node => node.Node).ToList();
        var indices = order.Index().ToDictionary(entry => entry.Item.Node, entry => entry.Index);
        var most = Math.Max(equilibrium.LinkFlows.Max(), double.Epsilon);
        return new MapChart("Link flows", [.. order.Select(node => new Place(
            node.X, node.Y, node.Node <= network.ZoneCount ? "zone" : "node", $"node {node.Node}"))])
        {
            Note = "Width by flow, colour by flow over capacity, hottest where it is 1.5 or more.",
            Wide = true,
            Height = 560,
            Edges = [.. network.Links.Index()
                .Where(entry => indices.ContainsKey(entry.Item.From) && indices.ContainsKey(entry.Item.To))
                .Select(entry => new Edge(indices[entry.Item.From], indices[entry.Item.To])
                {
                    Width = 1 + (5 * equilibrium.LinkFlows[entry.Index] / most),
                    Heat = Math.Min(1, Saturation(equilibrium, entry.Index) / 1.5),
                })],
        };
    }

    private static ReportTable Table(TrafficEquilibrium equilibrium)
    {
        var times = equilibrium.LinkTimes();
        return new ReportTable(
            ["link", "flow", "flow / capacity", "time", "Pigou toll x t'(x)"],
            [.. equilibrium.Network.Links.Index().OrderByDescending(entry => equilibrium.LinkFlows[entry.Index]).Take(MostRows)
                .Select(entry => (string[])
                [
                    $"{entry.Item.From} to {entry.Item.To}",
                    Text(equilibrium.LinkFlows[entry.Index]),
                    Text(Saturation(equilibrium, entry.Index)),
                    Text(times[entry.Index]),
                    Text(equilibrium.Costs.Externality(entry.Index, equilibrium.LinkFlows[entry.Index])),
                ])])
        {
            Title = $"The {Math.Min(MostRows, times.Length)} links of largest flow",
            Folded = true,
        };
    }

    private static double Saturation(TrafficEquilibrium equilibrium, int link)
    {
        var capacity = equilibrium.Network.Links[link].Capacity;
        return capacity > 0 ? equilibrium.LinkFlows[link] / capacity : 0;
    }

    private static string Text(double value) => value.ToString("g8", CultureInfo.InvariantCulture);
}
