using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Games.Play;

/// <summary>What a solver is given besides its game.</summary>
/// <param name="Progress">Shows how far it is.</param>
/// <param name="Stop">The user's wish to end with what there is.</param>
/// <param name="GiveUp">Follows half a second later: what is still being judged is left out.</param>
internal readonly record struct Solving(
    Action<SolverProgress> Progress, CancellationToken Stop, CancellationToken GiveUp);

/// <summary>Runs solvers: times them, shows their progress and carries the wish to stop.</summary>
internal static class Timed
{
    private static readonly TimeSpan TimeToMake = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeToJudge = TimeSpan.FromSeconds(0.5);

    /// <summary>Draws or reads a game, which is given up at the wish to stop.</summary>
    /// <exception cref="OperationCanceledException">Stopped before there was one.</exception>
    public static T Made<T>(Invocation invocation, Func<T> make) =>
        (Stoppable.Run(() => Tuple.Create(make()), invocation.Stop, TimeToMake)
            ?? throw new OperationCanceledException(invocation.Stop)).Item1;

    /// <summary>What a result is compared with; null where there was no time.</summary>
    /// <param name="compare">May be left to itself on the way: what it changes is not to be read afterwards.</param>
    public static Baselines? Compared(Invocation invocation, Func<Baselines> compare) =>
        invocation.Stop.IsCancellationRequested ? null : Stoppable.Run(compare, invocation.Stop);

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
