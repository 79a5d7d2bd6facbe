using System.Globalization;
using OrleansEdge.Client.Reporting;
using Spectre.Console;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>The games' measurements as people read them.</summary>
internal static class GamesBenchTable
{
    public static void Write(IAnsiConsole console, GamesBenchResult result)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey)
            .AddColumn(new TableColumn("game").NoWrap().Padding(0, 0));
        string[] numbers = ["players", "resources", "median ms", "p99 ms", "goal ms", "responses/s", "regret"];
        foreach (var name in numbers)
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap().Padding(0, 0));
        }
        foreach (var one in result.Cases)
        {
            table.AddRow(
                Markup.Escape(one.Name), Quantity.Count(one.Players), Quantity.Count(one.Resources),
                Milliseconds(one.SecondsP50), Milliseconds(one.SecondsP99), Goal(one),
                one.BestResponsesPerSecond is { } rate ? Quantity.Count(rate) : "–",
                one.MaxRegret.ToString("g3", CultureInfo.InvariantCulture)
                    + (one.IsEquilibrium ? "" : " [red]not certified[/]"));
        }
        console.Write(table);
        console.MarkupLineInterpolated(
            $"One thread, certificates included; the regret of traffic is its relative gap; peak memory {Quantity.Number(result.PeakMebibytes)} MiB.");
    }

    private static string Goal(GameBenchCase one) => one switch
    {
        { GoalSeconds: null } => "–",
        { MeetsGoal: true } => $"[green]{Milliseconds(one.GoalSeconds.Value)}[/]",
        _ => $"[red]{Milliseconds(one.GoalSeconds.Value)} missed[/]",
    };

    private static string Milliseconds(double seconds) =>
        (1000 * seconds).ToString(seconds < 0.1 ? "0.###" : "#,0", CultureInfo.InvariantCulture);
}
