using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Games.Nonatomic;
using OrleansEdge.Core.Training;
using OrleansEdge.Simulation.Training;
using OrleansEdge.Tests.Client;
using OrleansEdge.Tests.Offloading;

namespace OrleansEdge.Tests.Recorded;

/// <summary>Runs of a few milliseconds by their names, and their figures as lines.</summary>
internal static partial class RecordedRun
{
    /// <summary>Wall times, places, and numbers that are nothing but rounding.</summary>
    private static readonly string[] Passing =
        ["output", "wallSeconds", "imagesPerSecond", "gap", "relativeGap", "gapError", "maxRegret", "meanRegret", "tolerance"];

    /// <param name="run">
    /// A command of the console without "oe"; or "schedule", "game" or "grid" and a seed.
    /// </param>
    public static async Task<IEnumerable<string>> Figures(string run) => run.Split(' ') switch
    {
        ["schedule", var seed] => Training(ulong.Parse(seed, CultureInfo.InvariantCulture)),
        ["game", var seed] => Lines("", JsonSerializer.SerializeToElement(
            OffloadingFaultTests.Play(ulong.Parse(seed, CultureInfo.InvariantCulture)).Result)),
        ["grid", var seed] => Traffic(ulong.Parse(seed, CultureInfo.InvariantCulture)),
        var arguments => await Console(arguments),
    };

    private static async Task<IEnumerable<string>> Console(string[] arguments)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(
            [.. arguments, "--format", "json", "--quiet", "--output", console.PathOf("run")]);
        return Lines("", run.Json).Prepend($"exit {run.ExitCode}");
    }

    private static IEnumerable<string> Training(ulong seed)
    {
        var schedule = FaultSchedule.Draw(seed);
        var result = new SimulatedTraining(new WorkerData(new DataCatalog([])), cores: 1).Run(
            schedule.Job, schedule.Fleet, from: null, progress: null, TestContext.Current.CancellationToken);
        return Lines("", JsonSerializer.SerializeToElement(result.Status))
            .Append($"trace {result.TraceHash:x16}");
    }

    private static IEnumerable<string> Traffic(ulong seed)
    {
        var grid = new GridNetwork
        {
            Columns = 4,
            Rows = 4,
            Zones = 6,
            MeanTrips = 100 * (1 + (seed % 4)),
            HasConnectors = seed % 2 == 1,
            Seed = seed,
        };
        var (network, demand) = (grid.Build(), grid.Demand());
        var options = new AssignmentOptions
        {
            RelativeGap = 1e-12,
            Objective = seed % 3 == 0 ? AssignmentObjective.SystemOptimum : AssignmentObjective.UserEquilibrium,
        };
        var result = TrafficAssignment.Solve(network, demand, options);
        return
        [
            $"links {network.Links.Count} trips {Number(demand.Total)} {result.StopReason} {result.Iterations}",
            $"time {Number(result.TotalTravelTime)} free {Number(network.Links.Sum(link => link.FreeFlowTime))}",
            $"flows {string.Join(' ', result.LinkFlows.Select(Number))}",
        ];
    }

    /// <summary>A line for each field, and for each element of an array of objects.</summary>
    private static IEnumerable<string> Lines(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Fields(value).SelectMany(
            field => Lines(name.Length == 0 ? field.Name : $"{name}.{field.Name}", field.Value)),
        JsonValueKind.Array when value.EnumerateArray().Any(element => element.ValueKind == JsonValueKind.Object) =>
            value.EnumerateArray().Select((element, i) => $"{name} {i}: {Text(element)}"),
        _ => [$"{name} {Text(value)}"],
    };

    private static IEnumerable<JsonProperty> Fields(JsonElement value) =>
        value.EnumerateObject().Where(field => !Passing.Contains(field.Name, StringComparer.OrdinalIgnoreCase));

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value.GetDouble()),
        JsonValueKind.Object => string.Join(", ", Fields(value).Select(field => $"{field.Name} {Text(field.Value)}")),
        JsonValueKind.Array => ZerosAtTheEnd().Replace(string.Join(' ', value.EnumerateArray().Select(Text)), ""),
        _ => value.ToString(),
    };

    [GeneratedRegex("( 0)+$")]
    private static partial Regex ZerosAtTheEnd();

    /// <summary>To eight digits: the last ones of a double may be the mathematical library's.</summary>
    private static string Number(double value) => value.ToString("g8", CultureInfo.InvariantCulture);
}
