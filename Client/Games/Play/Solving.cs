using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Games.Play;

/// <summary>What a solver is given besides its game.</summary>
/// <param name="Progress">Shows how far it is.</param>
/// <param name="Stop">The user's wish to end with what there is.</param>
/// <param name="GiveUp">Follows a second later: what is still being judged is left out.</param>
internal readonly record struct Solving(
    Action<SolverProgress> Progress, CancellationToken Stop, CancellationToken GiveUp);

/// <summary>Runs solvers: times them, shows their progress and carries the wish to stop.</summary>
internal static class Timed
{
    private static readonly TimeSpan TimeToJudge = TimeSpan.FromSeconds(1);

    /// <param name="what">What is being solved, in front of the figures of its progress.</param>
    public static (T Result, double Seconds) Run<T>(Invocation invocation, string what, Func<Solving, T> solve)
    {
        var clock = invocation.Environment.Clock;
        using var giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var follows = invocation.Stop.Register(() => giveUp.CancelAfter(TimeToJudge));
        var started = clock.GetTimestamp();
        var result = new ProgressView(invocation).Watch(
            what, progress => solve(new Solving(progress, invocation.Stop, giveUp.Token)));
        return (result, clock.GetElapsedTime(started).TotalSeconds);
    }
}
