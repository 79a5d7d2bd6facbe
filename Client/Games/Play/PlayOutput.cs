using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using Spectre.Console;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Writes what came out of a game: the run folder, the summary, and the exit code that goes with it.</summary>
internal static class PlayOutput
{
    /// <param name="withProfile">The JSON has every player's strategy.</param>
    public static ExitCode Write(
        Invocation invocation, IPlayableGame game, GameOutcome outcome, DateTimeOffset started, bool withProfile)
    {
        var folder = RunFolder.Open(invocation.OutputFolder, $"play-{game.Name}", invocation.Environment.Clock);
        var summary = PlaySummary.Of(game.Name, outcome, invocation.Seed, withProfile, folder.Path);
        folder.WriteManifest(new Manifest
        {
            Command = invocation.CommandText,
            Started = started,
            Seed = invocation.Seed,
            Configuration = outcome.Configuration,
            Result = summary,
        });
        folder.WriteReport(PlayReport.Of(game, outcome, invocation.Seed, invocation.CommandText));
        if (invocation.Json)
        {
            invocation.WriteJson(summary);
        }
        else
        {
            PlayText.Write(invocation.Out, game.Name, outcome, invocation.Seed);
            invocation.Out.MarkupLineInterpolated($"Plots: [bold]{folder.File("report.html")}[/]");
        }
        return Judge(invocation, outcome);
    }

    private static ExitCode Judge(Invocation invocation, GameOutcome outcome)
    {
        var certificate = outcome.Certificate;
        if (certificate.IsEquilibrium || !outcome.SeeksEquilibrium)
        {
            return ExitCode.Success;
        }
        invocation.Environment.Error.WriteLine(FormattableString.Invariant(
            $"oe: no equilibrium after {certificate.Steps} moves ({certificate.StopReason}): ")
            + FormattableString.Invariant(
                $"largest regret {certificate.MaxRegret:g3}; expected at most {certificate.Tolerance:g3}"));
        return ExitCode.NotReached;
    }
}
