namespace OrleansEdge.Core.Games.Placement;

/// <summary>
/// Placement by game: a new activation takes its best response, and rebalancing is best response in the
/// <see cref="SiloGame"/>, so that an activation moves only if the utilisation that it saves is worth its migration
/// cost, and the potential falls with every move.
/// </summary>
public sealed class GamePlacement : IPlacementPolicy
{
    /// <summary>A move must save more than this share of what its activation pays; in [0, 1).</summary>
    public double RelativeEpsilon { get; init; } = 0.01;

    /// <summary>Moves of one rebalancing at most; above 0.</summary>
    public int MaxMoves { get; init; } = 1_000_000;

    public string Name => "game";

    public int Place(SiloCluster cluster, long load, ref RandomStream random) => cluster.LeastUtilizedWith(load);

    public RebalanceResult Rebalance(SiloCluster cluster, ref RandomStream random)
    {
        var moved = Evacuation.Run(this, cluster, ref random);
        var game = new SiloGame(cluster);
        var result = ResponseDynamics.Run(game, new DynamicsOptions
        {
            RelativeEpsilon = RelativeEpsilon,
            MaxSteps = MaxMoves,
        });
        for (var i = 0; i < result.Profile.Length; i++)
        {
            if (result.Profile[i] != cluster.Activations[i].Silo)
            {
                cluster.Put(i, result.Profile[i]);
                moved++;
            }
        }
        return new RebalanceResult(moved, cluster.Available().Length + (2L * moved), result.Certificate);
    }
}
