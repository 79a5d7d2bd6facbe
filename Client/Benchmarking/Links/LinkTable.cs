using System.Globalization;
using System.Text;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Reproduction;
using OrleansEdge.Grains.Interfaces.Measuring;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>The results as a table, for the console and docs/results.</summary>
internal static class LinkTable
{
    public static ReportTable Of(IEnumerable<LinkResult> results) => new(
        ["Call", "In flight", "Grains", "p50", "p99", "Bare TCP", "p50", "p99", "Share of TCP"],
        [.. results.Select(result => (IReadOnlyList<string>)
        [
            Name(result), Quantity.Count(result.InFlight),
            Rate(result.PayloadBytes, result.Grains), Time(result.Grains.MicrosecondsP50), Time(result.Grains.MicrosecondsP99),
            result.Tcp is { } tcp ? Rate(result.PayloadBytes, tcp) : "–",
            result.Tcp is { } p50 ? Time(p50.MicrosecondsP50) : "–",
            result.Tcp is { } p99 ? Time(p99.MicrosecondsP99) : "–",
            result.ShareOfTcp is { } share ? Quantity.Percent(share, digits: 0) : "–",
        ])]);

    /// <summary>A Markdown page with the table.</summary>
    /// <param name="where">What cluster it was.</param>
    public static string Page(IReadOnlyList<LinkResult> results, LinkBenchOptions options, string where, string command)
    {
        var page = new StringBuilder(
            "# Calls between silos\n\n" +
            "Pushes and pulls between two grains on different silos, and the same bytes over a bare TCP socket between two " +
            "processes, in turn: blocking calls, buffers made beforehand, calls in flight on one connection. Goodput counts " +
            "payload bytes; p50 and p99 are from call to answer.\n\n");
        page.Append(CultureInfo.InvariantCulture,
            $"{where}. {options.Rounds} rounds of {options.Seconds} s each after one that warms up; the median counts.\n\n");
        MarkdownTable.Append(page, Of(results));
        return page.Append(FigureTable.Origin(command)).ToString();
    }

    private static string Name(LinkResult result) => result.Call == LinkCall.Ping
        ? result.BetweenProcesses ? "ping, two processes" : "ping, one process"
        : $"{(result.Call == LinkCall.Push ? "push" : "pull")} {Size(result.PayloadBytes)}";

    // Payloads are powers of two, unlike the rates.
    private static string Size(int bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private static string Rate(int payloadBytes, LinkMeasurement measured) => payloadBytes == 0
        ? $"{Quantity.Count(measured.CallsPerSecond)}/s"
        : $"{Quantity.Bytes(payloadBytes * measured.CallsPerSecond)}/s";

    private static string Time(double microseconds) => microseconds < 1000
        ? microseconds.ToString("0.#", CultureInfo.InvariantCulture) + " µs"
        : (microseconds / 1000).ToString("0.00", CultureInfo.InvariantCulture) + " ms";
}
