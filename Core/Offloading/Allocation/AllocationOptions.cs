namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>What a user minds in the allocation game.</summary>
public enum AllocationGoal
{
    /// <summary>
    /// The cost of the whole system (He et al., algorithm 1): every user moves where the total falls the most. A
    /// common interest game whose exact potential is the total.
    /// </summary>
    SystemCost,

    /// <summary>
    /// Its own cost, which falls with the users on its server. An ordinal potential game: the sum over the servers of
    /// their squared user counts rises with every improvement.
    /// </summary>
    OwnCost,
}

/// <summary>
/// Users to be allocated to edge servers, after He, Cui, Zhang, Chen, Deng, Jin, Li, Yang, IEEE TPDS 31(3), 2020. Not
/// printed there, and chosen here: the sharing base, the weights, the demands and the spread of the capacities.
/// </summary>
public sealed record AllocationOptions
{
    /// <summary>Users drawn from the data, 1 to a million.</summary>
    public int Users { get; init; } = 512;

    /// <summary>Servers drawn from the sites, 1 to 100,000; at most as many as there are sites.</summary>
    public int Servers { get; init; } = 125;

    /// <summary>Every server covers a radius drawn uniformly from here on, m.</summary>
    public double LeastCoverageMeters { get; init; } = 450;

    /// <summary>Up to this radius, m.</summary>
    public double MostCoverageMeters { get; init; } = 750;

    /// <summary>lambda_k: weight of each dimension of demand (CPU, memory, storage, bandwidth), 0 to 1.</summary>
    public IReadOnlyList<double> DimensionWeights { get; init; } = [0.25, 0.25, 0.25, 0.25];

    /// <summary>omega: a user's demand in each dimension is drawn from these, units, 1 to 1000.</summary>
    public IReadOnlyList<int> Demands { get; init; } = [1, 2, 3];

    /// <summary>Mean capacity of a server in each dimension, units.</summary>
    public double MeanCapacity { get; init; } = 90;

    /// <summary>
    /// Standard deviation of the normal capacities as a share of their mean; negative draws count as 0.
    /// </summary>
    public double CapacitySpread { get; init; } = 0.1;

    /// <summary>
    /// x of the share f(y) = -log_x(y) / 100 that y users of one server save by sharing it (the paper's percent), 0 to
    /// 1.
    /// </summary>
    public double SharingBase { get; init; } = 0.9;

    /// <summary>f never exceeds this share, 0 to below 1; as printed it has no bound.</summary>
    public double MostShared { get; init; } = 0.9;

    public AllocationGoal Goal { get; init; } = AllocationGoal.SystemCost;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Users, 1, 1_000_000);
        Check.Within(Servers, 1, 100_000);
        Check.NotNegative(LeastCoverageMeters);
        Check.AtLeast(MostCoverageMeters, LeastCoverageMeters);
        Check.NotEmpty(DimensionWeights);
        Check.NotEmpty(Demands);
        foreach (var weight in DimensionWeights)
        {
            Check.Within(weight, 0, 1, nameof(DimensionWeights));
        }
        foreach (var demand in Demands)
        {
            Check.Within(demand, 1, 1000, nameof(Demands));
        }
        Check.NotNegative(MeanCapacity);
        Check.NotNegative(CapacitySpread);
        Check.Require(SharingBase is > 0 and < 1, nameof(SharingBase), SharingBase, "above 0 and below 1");
        Check.Require(MostShared is >= 0 and < 1, nameof(MostShared), MostShared, "0 to below 1");
        Check.Require(Enum.IsDefined(Goal), nameof(Goal), (int)Goal, "a known goal");
    }
}
