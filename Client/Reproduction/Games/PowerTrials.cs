using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.PowerControl;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Power control games of one kind over the runs.</summary>
internal sealed record PowerRow
{
    public required string Game { get; init; }

    public required int Users { get; init; }

    /// <summary>Rounds of best responses, one user after the other.</summary>
    public required double Rounds { get; init; }

    /// <summary>Rounds of best responses, all users at once; not a number where they need not converge.</summary>
    public required double SimultaneousRounds { get; init; }

    /// <summary>
    /// The largest distance of a power from the closed form, relative to it; not a number without one.
    /// </summary>
    public required double LargestError { get; init; }

    /// <summary>Steps of all runs in which the potential did not rise with the utility.</summary>
    public required int PotentialFaults { get; init; }

    public required int Uncertified { get; init; }
}

/// <summary>Target tracking at one target.</summary>
/// <param name="Radius">Spectral radius: the share of the error that is left after a round, in the long run.</param>
/// <param name="Measured">The share that was left; not a number where powers do not converge.</param>
/// <param name="Met">Share of users with their target in the end.</param>
internal sealed record TrackingPoint(double Target, double Radius, double Measured, double Rounds, double Met);

/// <summary>Plays the power control games of games.md 3.9 and compares them with their closed forms.</summary>
internal static class PowerTrials
{
    /// <summary>(a) u = ln SINR - c p, on a network of own receivers: everyone sends at min(p_max, 1 / c).</summary>
    public static PowerRow LogSinr(GameScale scale) => Play(
        scale, "(a) ln SINR less a price",
        new PowerControlOptions { Utility = PowerUtility.LogSinr, SingleReceiver = false },
        game => [.. Enumerable.Repeat(Math.Min(game.Network.MostWatts, 1 / 2.0), game.Network.Users)]);

    /// <summary>(b) u = ln(1 + SINR) - c p, one receiver: water is filled from the best channel on.</summary>
    public static PowerRow Rate(GameScale scale) => Play(
        scale, "(b) rate less a price, one receiver",
        new PowerControlOptions { Utility = PowerUtility.Rate, ProcessingGain = 1, Users = 10 }, WaterFilling);

    /// <summary>(b) on a network of own receivers, which has no potential.</summary>
    public static PowerRow RateApart(GameScale scale) => Play(
        scale, "(b) rate less a price, own receivers",
        new PowerControlOptions { Utility = PowerUtility.Rate, SingleReceiver = false, ProcessingGain = 1 }, null);

    /// <summary>(c) SINR at a target, one receiver: p = Gamma noise / (h (G - (N - 1) Gamma)).</summary>
    public static PowerRow Target(GameScale scale) => Play(
        scale, "(c) SINR at a target, one receiver", new PowerControlOptions { MostWatts = 1000 }, game =>
        {
            var network = game.Network;
            var received = 5 * network.NoiseWatts / (network.ProcessingGain - ((network.Users - 1) * 5));
            return [.. Enumerable.Range(0, network.Users).Select(user => received / network.Gain(user, user))];
        });

    /// <summary>(c) at targets whose spectral radius goes from easy to impossible.</summary>
    public static TrackingPoint Track(double radius, GameScale scale)
    {
        var standard = new PowerControlOptions { MostWatts = 1e6, TargetSinr = 1 };
        var probe = (TargetPowerGame)standard.Draw(scale.Seed);
        var target = radius / probe.Network.SpectralRadius(probe.Targets);
        var game = (TargetPowerGame)(standard with { TargetSinr = target }).Draw(scale.Seed);
        var result = PowerDynamics.Run(game, Full(game), simultaneous: true, tolerance: 1e-10, maxRounds: 2000);
        var met = Enumerable.Range(0, standard.Users).Count(
            user => Math.Abs((game.Network.Sinr(user, result.Watts) / target) - 1) < 1e-6);
        return new TrackingPoint(
            target, radius, radius < 1 ? Contraction(result.Trace) : double.NaN, result.Trace.Length,
            met / (double)standard.Users);
    }

    /// <summary>The largest change of a power in each round of tracking.</summary>
    public static double[] TrackTrace(double radius, GameScale scale, bool simultaneous)
    {
        var standard = new PowerControlOptions { MostWatts = 1e6, TargetSinr = 1 };
        var probe = (TargetPowerGame)standard.Draw(scale.Seed);
        var target = radius / probe.Network.SpectralRadius(probe.Targets);
        var game = (standard with { TargetSinr = target }).Draw(scale.Seed);
        return PowerDynamics.Run(game, Full(game), simultaneous, tolerance: 1e-12, maxRounds: 400).Trace;
    }

    /// <summary>The potential after each response, from all users at full power.</summary>
    public static double[] PotentialTrace(PowerControlOptions options, ulong seed)
    {
        var game = options.Draw(seed);
        var watts = Full(game);
        var trace = new List<double> { game.Potential(watts) };
        for (var step = 0; step < 4 * watts.Length; step++)
        {
            var user = step % watts.Length;
            watts[user] = game.BestResponse(user, watts);
            trace.Add(game.Potential(watts));
        }
        return [.. trace];
    }

    private static PowerRow Play(
        GameScale scale, string name, PowerControlOptions options, Func<PowerGame, double[]>? closedForm)
    {
        var runs = scale.ForEach(scale.Runs, i => Trial(options, scale.Seed + (ulong)i, closedForm));
        return new PowerRow
        {
            Game = name,
            Users = options.Users,
            Rounds = runs.Average(run => run.Rounds),
            SimultaneousRounds = runs.Average(run => run.SimultaneousRounds),
            LargestError = runs.Max(run => run.Error),
            PotentialFaults = runs.Sum(run => run.PotentialFaults),
            Uncertified = runs.Count(run => !run.IsCertified),
        };
    }

    private static (double Rounds, double SimultaneousRounds, double Error, int PotentialFaults,
        bool IsCertified) Trial(
        PowerControlOptions options, ulong seed, Func<PowerGame, double[]>? closedForm)
    {
        var game = options.Draw(seed);
        var result = PowerDynamics.Run(game, Full(game));
        var together = PowerDynamics.Run(game, Full(game), simultaneous: true, maxRounds: 1000);
        var error = closedForm is null ? double.NaN : result.Watts.Zip(closedForm(game))
            .Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(pair.Second, 1e-12 * game.Network.MostWatts));
        return (
            result.Trace.Length, together.Trace.Length < 1000 ? together.Trace.Length : double.NaN, error,
            PotentialFaults(game, seed), result.Certificate.IsEquilibrium);
    }

    /// <summary>Random moves of one user in which utility and potential change in opposite directions.</summary>
    private static int PotentialFaults(PowerGame game, ulong seed)
    {
        if (game.PotentialKind is null)
        {
            return 0;
        }
        var random = new RandomStream(seed, "power.moves");
        var (watts, faults) = (Full(game), 0);
        for (var move = 0; move < 100; move++)
        {
            var user = random.NextInt(watts.Length);
            var (utility, potential) = (game.Utility(user, watts), game.Potential(watts));
            watts[user] = game.Network.MostWatts * (1 - random.NextDouble());
            var (gain, rise) = (game.Utility(user, watts) - utility, game.Potential(watts) - potential);
            // Changes in the last digits of their terms have no direction.
            faults += Math.Abs(gain) > 1e-9 * Math.Abs(utility) && Math.Abs(rise) > 1e-12 * Math.Abs(potential)
                && Math.Sign(gain) != Math.Sign(rise) ? 1 : 0;
        }
        return faults;
    }

    /// <summary>
    /// Powers that make ln(noise + sum p h) - c sum p largest: in falling order of h, full until h / (noise + S) = c.
    /// </summary>
    private static double[] WaterFilling(PowerGame game)
    {
        const double price = 2;
        var network = game.Network;
        var (watts, received) = (new double[network.Users], network.NoiseWatts);
        foreach (var user in Enumerable.Range(0, network.Users).OrderByDescending(user => network.Gain(0, user)))
        {
            var gain = network.Gain(0, user);
            watts[user] = Math.Clamp(((gain / price) - received) / gain, 0, network.MostWatts);
            received += watts[user] * gain;
        }
        return watts;
    }

    private static double[] Full(PowerGame game) => [.. Enumerable.Repeat(game.Network.MostWatts, game.Network.Users)];

    /// <summary>
    /// Mean ratio of one round's change to the round's before, over the last rounds above the rounding.
    /// </summary>
    private static double Contraction(double[] trace)
    {
        const int window = 4;
        var last = Array.FindLastIndex(trace, change => change > 1e-8);
        return last < window ? double.NaN : Math.Pow(trace[last] / trace[last - window], 1.0 / window);
    }
}
