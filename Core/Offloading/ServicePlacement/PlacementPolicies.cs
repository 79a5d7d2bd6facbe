using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>Finds a slot's placement by each <see cref="PlacementPolicy"/>.</summary>
internal static class PlacementPolicies
{
    /// <summary>Places the services and certifies the placement for the slot's game.</summary>
    /// <param name="game">Starts on the last placement and is left on the new one.</param>
    /// <param name="nearest">The site nearest to each user.</param>
    /// <param name="stop">Ends searches on the best that they have.</param>
    public static EquilibriumCertificate Place(
        PlacementGame game, ServicePlacementOptions options, int[] nearest, ref RandomStream random,
        CancellationToken stop)
    {
        if (options.Policy == PlacementPolicy.BestResponse)
        {
            return ResponseDynamics.Run(game, new DynamicsOptions(), stop: stop).Certificate;
        }
        Apply(game, options, nearest, ref random, stop);
        var certificate = Certificates.Issue(game, 0, StopReason.Equilibrium, giveUp: CancellationToken.None);
        return certificate.IsEquilibrium ? certificate : certificate with { StopReason = StopReason.StepLimit };
    }

    private static void Apply(
        PlacementGame game, ServicePlacementOptions options, int[] nearest, ref RandomStream random,
        CancellationToken stop)
    {
        switch (options.Policy)
        {
            case PlacementPolicy.MarkovApproximation:
                var beta = options.InverseTemperature / options.LatencyWeight;
                new MarkovApproximation(game, beta, options.Rule).Search(options.MarkovSteps, ref random, stop);
                break;
            case PlacementPolicy.Exact:
                Apply(game, PlacementExactSearch.Solve(game.Slot, game.Sites, stop: stop).Sites);
                break;
            case PlacementPolicy.AlwaysMigrate:
                Apply(game, nearest);
                break;
            case PlacementPolicy.NeverMigrate:
                break;
            case PlacementPolicy.Random:
                for (var user = 0; user < game.PlayerCount; user++)
                {
                    game.Move(user, random.NextInt(game.ResourceCount));
                }
                break;
            case PlacementPolicy.Greedy:
                Greedy(game, ref random);
                break;
            default:
                LatencyOnly(game, stop);
                break;
        }
    }

    private static void Apply(PlacementGame game, ReadOnlySpan<int> sites)
    {
        for (var user = 0; user < sites.Length; user++)
        {
            game.Move(user, sites[user]);
        }
    }

    private static void Greedy(PlacementGame game, ref RandomStream random)
    {
        var order = Enumerable.Range(0, game.PlayerCount).ToArray();
        random.Shuffle<int>(order);
        foreach (var user in order)
        {
            game.Move(user, ((IFiniteGame)game).BestResponse(user).Strategy);
        }
    }

    private static void LatencyOnly(PlacementGame game, CancellationToken stop)
    {
        var careless = new PlacementGame(game.Slot.WithBacklog(0), game.Sites);
        ResponseDynamics.Run(careless, new DynamicsOptions(), stop: stop);
        Apply(game, careless.Sites);
    }
}
