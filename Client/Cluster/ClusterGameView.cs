using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Offloading;
using Spectre.Console;

namespace OrleansEdge.Client.Cluster;

/// <summary>What a game of a cluster shows, and the run folder that it leaves.</summary>
internal static class ClusterGameView
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Writes the result of a game that has ended, and its run folder.</summary>
    /// <param name="profile">[users] 0 for local, or a 1-based channel.</param>
    /// <param name="withProfile">The JSON has every player's strategy.</param>
    public static ExitCode Write(
        Invocation invocation, OffloadingJob job, OffloadingStatus status, int[] profile, DateTimeOffset started,
        bool withProfile)
    {
        var options = job.Cell.ToOptions();
        var game = OffloadingGame.Draw(options, job.Seed);
        var certificate = OffloadingProfile.Judge(job, status, profile).Certificate;
        var run = GrainGame.Result(game, job, status, certificate, profile,
        [
            new("name", "name on the cluster", job.Name),
            new("sites", "edge sites", job.Sites),
            new("closedSites", "edge sites that failed and are closed", status.ClosedSites.Length),
            new("siteOpenings", "openings of edge sites", status.SiteOpenings),
            new("evictions", "users that lost their channel with a site", status.Evictions),
            new("retries", "calls made again", status.Retries),
        ]);
        var mode = job.Mode.ToString().ToLowerInvariant();
        var outcome = OffloadingPlay.Outcome(
            invocation, options, job.Seed, mode, game, run, status.Seconds, withOptimum: false);
        return PlayOutput.Write(invocation, new MultiChannelPlay(), outcome, job.Seed, started, withProfile);
    }

    /// <summary>Prints how far a game is, as a line every few seconds.</summary>
    public static Action<OffloadingStatus> Lines(Invocation invocation, OffloadingJob job)
    {
        var (clock, view) = (invocation.Environment.Clock, new ProgressView(invocation));
        var last = clock.GetTimestamp();
        return status =>
        {
            if (clock.GetElapsedTime(last) >= BetweenLines)
            {
                last = clock.GetTimestamp();
                view.Say($"{job.Name}: {Figures(status)}");
            }
        };
    }

    /// <summary>Shows a game until it has ended, or the user stops watching.</summary>
    public static async Task<ExitCode> Watch(Invocation invocation, ClusterGames games, OffloadingJob game)
    {
        try
        {
            var status = await games.Watch(game.Name, Lines(invocation, game), invocation.Stop);
            Report(invocation, game, status);
            return status.ExitReason == "equilibrium" ? ExitCode.Success : ExitCode.NotReached;
        }
        catch (OperationCanceledException) when (invocation.Stop.IsCancellationRequested)
        {
            invocation.Environment.Error.WriteLine("oe: " + ClusterJobs.GoesOn("game", game.Name));
            return ExitCode.NotReached;
        }
    }

    /// <summary>Writes the result of a game that has ended, whoever submitted it, and its run folder.</summary>
    public static async Task<ExitCode> Fetch(
        Invocation invocation, ClusterGames games, OffloadingJob game, bool withProfile)
    {
        var (started, status) = (invocation.Environment.Clock.GetUtcNow(), await games.Status(game.Name, invocation.Stop));
        var profile = await games.Profile(game, status, invocation.Stop);
        Write(invocation, game, status, profile, started, withProfile);
        return ExitCode.Success;
    }

    /// <summary>Ends a game after its slot.</summary>
    public static async Task<ExitCode> Stop(Invocation invocation, ClusterGames games, OffloadingJob game)
    {
        Report(invocation, game, await games.End(game.Name, invocation.Stop));
        return ExitCode.Success;
    }

    public static void Report(Invocation invocation, OffloadingJob job, OffloadingStatus status)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(new { Command = "cluster", Job = job, Status = status });
            return;
        }
        var state = status.ExitReason ?? status.Phase.ToString().ToLowerInvariant();
        invocation.Out.MarkupLineInterpolated(
            $"[bold]{job.Name}[/] {state}: {Quantity.Count(job.Cell.Users)} users, {Figures(status)}");
    }

    private static string Figures(OffloadingStatus status) =>
        $"{Quantity.Count(status.Slots)} slots, {Quantity.Count(status.Updates)} moves";
}
