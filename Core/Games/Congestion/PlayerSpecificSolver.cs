using System.Numerics;

namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Best reply in sweeps for affine player-specific games of millions of players. Sweeps go by player number; if that
/// does not end soon, by a random starting point and stride, because a best-reply cycle is left by another order: from
/// any profile some path of best replies leads to an equilibrium (Milchtaich 1996).
/// </summary>
public static class PlayerSpecificSolver
{
    private const int SweepsInOrder = 200;

    /// <summary>Plays from a start to an equilibrium.</summary>
    /// <param name="costs">Affine costs.</param>
    /// <param name="start">[players] resources; null lets the players enter one by one with best replies.</param>
    /// <param name="maxSweeps">Sweeps after which it gives up with <see cref="StopReason.StepLimit"/>.</param>
    /// <param name="seed">Decides the order of the sweeps after the first 200.</param>
    /// <param name="progress">Called after every sweep.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> on the profile that it has then.</param>
    public static PlayerSpecificEquilibrium Solve(
        AffinePlayerSpecificCosts costs, int[]? start = null, int maxSweeps = 10_000, ulong seed = 1,
        Action<SolverProgress>? progress = null, CancellationToken stop = default)
    {
        var state = new AffineBestReply(costs, start);
        var random = new RandomStream(seed, "player-specific.sweep");
        var (steps, sweeps) = (0L, 0L);
        var reason = StopReason.StepLimit;
        while (reason == StopReason.StepLimit && sweeps < maxSweeps)
        {
            var moves = sweeps++ < SweepsInOrder ? state.Sweep(0, 1, stop) : RandomSweep(state, ref random, stop);
            steps += moves;
            reason = stop.IsCancellationRequested ? StopReason.Stopped
                : moves == 0 ? StopReason.Equilibrium
                : StopReason.StepLimit;
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"{steps:#,0} moves, sweep {sweeps}")));
        }
        var certificate = state.Certify(reason) with { Steps = steps, Slots = sweeps, Messages = steps };
        return new PlayerSpecificEquilibrium(state.Assignment, state.Loads, certificate);
    }

    private static long RandomSweep(AffineBestReply state, ref RandomStream random, CancellationToken stop)
    {
        var count = state.Assignment.Length;
        var stride = 1 + random.NextInt(count);
        while (BigInteger.GreatestCommonDivisor(stride, count) != 1)
        {
            stride = 1 + (stride % count);
        }
        return state.Sweep(random.NextInt(count), stride, stop);
    }
}

/// <summary>An equilibrium of a player-specific game.</summary>
/// <param name="Assignment">[players] the resource of each.</param>
/// <param name="Loads">[resources] how many players each has.</param>
public sealed record PlayerSpecificEquilibrium(int[] Assignment, int[] Loads, EquilibriumCertificate Certificate);
