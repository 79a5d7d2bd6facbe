namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>How long and how wide the cross-entropy search looks.</summary>
public sealed record CrossEntropyOptions
{
    /// <summary>Profiles drawn in every round, 2 or more.</summary>
    public int Samples { get; init; } = 500;

    /// <summary>Share of the best samples that teach the next round, above 0 to 1.</summary>
    public double EliteShare { get; init; } = 0.1;

    /// <summary>Weight of the elite against the old probabilities, above 0 to 1.</summary>
    public double Smoothing { get; init; } = 0.7;

    /// <summary>Rounds, 1 or more.</summary>
    public int Rounds { get; init; } = 60;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Samples, 2, 1_000_000);
        Check.Positive(EliteShare);
        Check.Within(EliteShare, 0, 1);
        Check.Positive(Smoothing);
        Check.Within(Smoothing, 0, 1);
        Check.Within(Rounds, 1, 1_000_000);
    }
}

/// <summary>
/// The papers' centralised comparison: the cross-entropy method over profiles. Every user's choice is drawn from its
/// own probabilities, which move toward the choices of the best samples.
/// </summary>
public static class CrossEntropySearch
{
    /// <summary>The best profile drawn; the game's own profile is replaced.</summary>
    public static OffloadingOptimum Solve(
        OffloadingGame game, OffloadingObjective objective, CrossEntropyOptions options, ulong seed)
    {
        options.Validate();
        var (users, choices) = (game.PlayerCount, game.Channels + 1);
        var probabilities = new double[users * choices];
        Array.Fill(probabilities, 1.0 / choices);
        var random = new RandomStream(seed, "offloading.crossentropy");
        var elites = Math.Max(1, (int)(options.EliteShare * options.Samples));
        var (best, bestCost) = (new int[users], Cost(game, objective, new int[users]));
        for (var round = 0; round < options.Rounds; round++)
        {
            var samples = new (int[] Choices, double Cost)[options.Samples];
            for (var i = 0; i < samples.Length; i++)
            {
                var sample = Draw(probabilities, users, choices, ref random);
                samples[i] = (sample, Cost(game, objective, sample));
            }
            var order = samples.OrderBy(sample => sample.Cost).ToArray();
            if (order[0].Cost < bestCost)
            {
                (best, bestCost) = order[0];
            }
            Learn(probabilities, order.AsSpan(0, elites), choices, options.Smoothing);
        }
        game.Reset(best);
        var value = objective == OffloadingObjective.BeneficialUsers ? -bestCost : bestCost;
        return new OffloadingOptimum(best, value, IsProven: false, (long)options.Rounds * options.Samples);
    }

    private static double Cost(OffloadingGame game, OffloadingObjective objective, int[] sample)
    {
        game.Reset(sample);
        var outcome = OffloadingOutcome.Of(game);
        return objective == OffloadingObjective.BeneficialUsers ? -outcome.BeneficialUsers : outcome.TotalOverhead;
    }

    private static int[] Draw(double[] probabilities, int users, int choices, ref RandomStream random)
    {
        var sample = new int[users];
        for (var user = 0; user < users; user++)
        {
            var left = random.NextDouble();
            var choice = 0;
            while (choice < choices - 1 && (left -= probabilities[(user * choices) + choice]) >= 0)
            {
                choice++;
            }
            sample[user] = choice;
        }
        return sample;
    }

    private static void Learn(
        double[] probabilities, ReadOnlySpan<(int[] Choices, double Cost)> elites, int choices, double smoothing)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] *= 1 - smoothing;
        }
        foreach (var (sample, _) in elites)
        {
            for (var user = 0; user < sample.Length; user++)
            {
                probabilities[(user * choices) + sample[user]] += smoothing / elites.Length;
            }
        }
    }
}
