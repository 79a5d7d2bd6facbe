using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using Spectre.Console;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Writes what came out of a game: the result first, then the run folder, in which a fault is a warning; and the exit
/// code that goes with the result.
/// </summary>
internal static class PlayOutput
{
    /// <param name="seed">What the game was drawn by.</param>
    /// <param name="withProfile">The JSON has every player's strategy.</param>
    public static ExitCode Write(
        Invocation invocation, IPlayableGame game, GameOutcome outcome, ulong seed, DateTimeOffset started,
        bool withProfile)
    {
        RunFolder? folder = null;
        invocation.AfterResult(() => folder = invocation.OpenFolder(FolderName(game)));
        var summary = PlaySummary.Of(
            game.Name, outcome, seed, withProfile, folder?.Path ?? invocation.OutputFolder ?? "");
        if (invocation.Json)
        {
            invocation.WriteJson(summary);
        }
        else
        {
            PlayText.Write(invocation.Out, game.Name, outcome, seed);
        }
        if (folder is not null
            && invocation.AfterResult(() => WriteFolder(invocation, game, outcome, seed, started, folder, summary)))
        {
            Tell(invocation, folder);
        }
        return Judge(invocation, outcome);
    }

    private static void WriteFolder(
        Invocation invocation, IPlayableGame game, GameOutcome outcome, ulong seed, DateTimeOffset started,
        RunFolder folder, PlaySummary summary)
    {
        folder.WriteManifest(new Manifest
        {
            Command = invocation.CommandText,
            Started = started,
            Seed = seed,
            Configuration = outcome.Configuration,
            Result = summary,
        });
        folder.WriteReport(PlayReport.Of(game, outcome, seed, invocation.CommandText));
    }

    private static void Tell(Invocation invocation, RunFolder folder)
    {
        if (!invocation.Json)
        {
            invocation.Out.MarkupLineInterpolated($"Plots: [bold]{folder.File("report.html")}[/]");
        }
    }

    /// <summary>Of a run folder in <c>runs/</c>, without the time.</summary>
    public static string FolderName(IPlayableGame game) => $"play-{game.Name}";

    private static ExitCode Judge(Invocation invocation, GameOutcome outcome)
    {
        var certificate = outcome.Certificate;
        if (certificate.StopReason == StopReason.Stopped && !certificate.IsEquilibrium)
        {
            return Fail(invocation, FormattableString.Invariant($"stopped after {certificate.Steps} moves: ")
                + (certificate.UnaskedCount == 0 ? "" : "of the players asked, ")
                + FormattableString.Invariant($"largest regret {certificate.MaxRegret:g3}; no equilibrium yet"));
        }
        if (!certificate.IsEquilibrium && outcome.SeeksEquilibrium)
        {
            return Fail(invocation, FormattableString.Invariant(
                $"no equilibrium after {certificate.Steps} moves ({certificate.StopReason}): ")
                + FormattableString.Invariant(
                    $"largest regret {certificate.MaxRegret:g3}; expected at most {certificate.Tolerance:g3}"));
        }
        return invocation.Stop.IsCancellationRequested
            ? Fail(invocation, "stopped: the result stands, but what it is compared with may be incomplete")
            : ExitCode.Success;
    }

    private static ExitCode Fail(Invocation invocation, string line)
    {
        invocation.Environment.Error.WriteLine("oe: " + line);
        return ExitCode.NotReached;
    }
}
