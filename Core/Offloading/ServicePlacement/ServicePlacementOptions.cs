using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>How the placement of a slot is found.</summary>
public enum PlacementPolicy
{
    /// <summary>Best responses to an equilibrium of the slot's game.</summary>
    BestResponse,

    /// <summary>The best placement that a Markov approximation visits.</summary>
    MarkovApproximation,

    /// <summary>The least objective of the slot, by branch and bound; for a few users and sites.</summary>
    Exact,

    /// <summary>Baseline: always the site nearest to the user.</summary>
    AlwaysMigrate,

    /// <summary>Baseline: where the service was first placed.</summary>
    NeverMigrate,

    /// <summary>Baseline: a uniform site in every slot.</summary>
    Random,

    /// <summary>Baseline: best responses for latency alone, whatever the migrations cost.</summary>
    LatencyOnly,

    /// <summary>Baseline: in a random order, each service to the cheapest site at that moment, once.</summary>
    Greedy,
}

/// <summary>
/// Services that follow their users, after Ouyang, Zhou, Chen, IEEE JSAC 36(10), 2018. Its experimental numbers were
/// not at hand; the defaults are chosen for a city centre.
/// </summary>
public sealed record ServicePlacementOptions
{
    /// <summary>Users, each with one service, 1 to 100,000.</summary>
    public int Users { get; init; } = 50;

    /// <summary>Slots, 1 to a million.</summary>
    public int Slots { get; init; } = 100;

    /// <summary>Length of a slot, s.</summary>
    public double SlotSeconds { get; init; } = 30;

    /// <summary>Speeds of the users are uniform from here, m/s.</summary>
    public double LeastSpeedMetersPerSecond { get; init; } = 1;

    /// <summary>Up to here, m/s.</summary>
    public double MostSpeedMetersPerSecond { get; init; } = 10;

    /// <summary>A user's cycles in a slot are uniform from here, 1 or more.</summary>
    public double LeastTaskCycles { get; init; } = 5e7;

    /// <summary>Up to here.</summary>
    public double MostTaskCycles { get; init; } = 5e8;

    /// <summary>A site's CPU is drawn from these, Hz.</summary>
    public IReadOnlyList<double> SiteCyclesPerSecond { get; init; } = [1e10, 2e10, 4e10];

    public SiteSharing Sharing { get; init; } = SiteSharing.SquareRoot;

    /// <summary>Radio delay to the nearest site, s.</summary>
    public double AccessSeconds { get; init; } = 0.005;

    /// <summary>Delay from the nearest site on to the service's, s/km.</summary>
    public double BackhaulSecondsPerKilometer { get; init; } = 0.05;

    /// <summary>Cost of moving a service at all, in units of cost.</summary>
    public double MigrationCost { get; init; } = 1;

    /// <summary>Cost on top per kilometre.</summary>
    public double MigrationCostPerKilometer { get; init; } = 0.5;

    /// <summary>E_avg: what all migrations of a slot may cost in the long run.</summary>
    public double MigrationBudget { get; init; } = 5;

    /// <summary>V: weight of a second of latency against the backlog, above 0.</summary>
    public double LatencyWeight { get; init; } = 1000;

    public PlacementPolicy Policy { get; init; } = PlacementPolicy.BestResponse;

    /// <summary>beta of the Markov approximation, per unit of the slot's objective divided by V.</summary>
    public double InverseTemperature { get; init; } = 2000;

    public TransitionRule Rule { get; init; } = TransitionRule.Logistic;

    /// <summary>Steps of the Markov approximation in a slot, 1 to 10 million.</summary>
    public int MarkovSteps { get; init; } = 200;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 100_000);
        Check.Within(Slots, 1, 1_000_000);
        Check.Positive(SlotSeconds);
        Check.NotNegative(LeastSpeedMetersPerSecond);
        Check.AtLeast(MostSpeedMetersPerSecond, LeastSpeedMetersPerSecond);
        Check.AtLeast(LeastTaskCycles, 1);
        Check.AtLeast(MostTaskCycles, LeastTaskCycles);
        Check.NotEmpty(SiteCyclesPerSecond);
        foreach (var clock in SiteCyclesPerSecond)
        {
            Check.AtLeast(clock, 1, nameof(SiteCyclesPerSecond));
        }
        Check.NotNegative(AccessSeconds);
        Check.NotNegative(BackhaulSecondsPerKilometer);
        Check.NotNegative(MigrationCost);
        Check.NotNegative(MigrationCostPerKilometer);
        Check.NotNegative(MigrationBudget);
        Check.Positive(LatencyWeight);
        Check.Positive(InverseTemperature);
        Check.Within(MarkovSteps, 1, 10_000_000);
        Check.Require(Enum.IsDefined(Policy), nameof(Policy), (int)Policy, "a known policy");
        Check.Require(Enum.IsDefined(Rule), nameof(Rule), (int)Rule, "a known rule");
        Check.Require(Enum.IsDefined(Sharing), nameof(Sharing), (int)Sharing, "a known sharing");
    }

    /// <summary>Cost of moving a service between two sites; none for staying.</summary>
    public double MigrationCostBetween(GeoPoint from, GeoPoint to) =>
        from == to ? 0 : MigrationCost + (MigrationCostPerKilometer * from.DistanceMeters(to) / 1000);
}
