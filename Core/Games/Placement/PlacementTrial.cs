namespace OrleansEdge.Core.Games.Placement;

/// <summary>
/// A made-up life of a cluster, the same for every policy: activations come, their loads change, a silo leaves and
/// returns.
/// </summary>
public sealed record PlacementTrial
{
    /// <summary>Silos, half of them of the given capacity and half of twice that; at least 2.</summary>
    public int Silos { get; init; } = 16;

    /// <summary>Activations; at least 1.</summary>
    public int Activations { get; init; } = 2000;

    /// <summary>Slots after all have come, each with a change of loads and a rebalancing; at least 1.</summary>
    public int Slots { get; init; } = 50;

    /// <summary>Share of the activations that draw a new load in a slot; in [0, 1].</summary>
    public double Churn { get; init; } = 0.02;

    /// <summary>Mean load of an activation, in load units per second; loads are exponential.</summary>
    public long MeanLoad { get; init; } = 1000;

    /// <summary>
    /// What moving an activation costs as a share of its load: it moves only away from a silo whose utilisation is
    /// higher by more than this. At least 0.
    /// </summary>
    public double MigrationCostShare { get; init; } = 0.05;

    /// <summary>Mean utilisation over all silos; above 0.</summary>
    public double MeanUtilization { get; init; } = 0.6;

    public ulong Seed { get; init; } = 1;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.AtLeast(Silos, 2);
        Check.AtLeast(Activations, 1);
        Check.AtLeast(Slots, 1);
        Check.Require(Churn is >= 0 and <= 1, nameof(Churn), Churn, "a number in [0, 1]");
        Check.AtLeast(MeanLoad, 1);
        Check.NotNegative(MigrationCostShare);
        Check.Positive(MeanUtilization);
    }

    /// <summary>Lets a policy live through the trial.</summary>
    public PlacementOutcome Run(IPlacementPolicy policy)
    {
        Validate();
        var capacity = MeanLoad * Activations / (MeanUtilization * 1.5 * Silos);
        var capacities = Enumerable.Range(0, Silos).Select(silo => silo % 2 == 0 ? capacity : 2 * capacity).ToArray();
        var random = new RandomStream(Seed, "placement.policy");
        var cluster = Fill(policy, capacities, ref random);
        var outcome = new PlacementOutcome { Policy = policy.Name, PeakAfterPlacement = cluster.PeakUtilization };
        for (var slot = 0; slot < Slots; slot++)
        {
            var isOneAway = slot % 10 == 9;
            cluster = new SiloCluster(
                isOneAway ? [.. capacities.SkipLast(1), 0] : capacities, Change(cluster.Activations, slot));
            var result = policy.Rebalance(cluster, ref random);
            outcome = outcome with
            {
                MeanPeak = outcome.MeanPeak + (cluster.PeakUtilization / Slots),
                LargestPeak = Math.Max(outcome.LargestPeak, cluster.PeakUtilization),
                Migrations = outcome.Migrations + result.Migrations,
                Messages = outcome.Messages + result.Messages,
            };
        }
        return outcome;
    }

    private SiloCluster Fill(IPlacementPolicy policy, double[] capacities, ref RandomStream random)
    {
        var cluster = new SiloCluster(capacities, Enumerable.Range(0, Activations).Select(i => New(i, 0, -1)));
        for (var i = 0; i < Activations; i++)
        {
            cluster.Put(i, policy.Place(cluster, cluster.Activations[i].Load, ref random));
        }
        return cluster;
    }

    private IEnumerable<Activation> Change(IReadOnlyList<Activation> activations, int slot) =>
        activations.Select((activation, i) =>
            new RandomStream(Seed, "placement.churn", (ulong)i, (ulong)slot).NextDouble() < Churn
                ? New(i, slot + 1, activation.Silo)
                : activation);

    private Activation New(int number, int generation, int silo)
    {
        var random = new RandomStream(Seed, "placement.load", (ulong)number, (ulong)generation);
        var load = 1 + (long)random.NextExponential(MeanLoad);
        return new Activation(load, MigrationCostShare * load, silo);
    }
}

/// <summary>What a policy made of a trial.</summary>
public sealed record PlacementOutcome
{
    public required string Policy { get; init; }

    /// <summary>Utilisation of the busiest silo once all had been placed.</summary>
    public required double PeakAfterPlacement { get; init; }

    /// <summary>Mean over slots of the utilisation of the busiest silo after rebalancing.</summary>
    public double MeanPeak { get; init; }

    /// <summary>The largest of these.</summary>
    public double LargestPeak { get; init; }

    public long Migrations { get; init; }

    public long Messages { get; init; }
}
