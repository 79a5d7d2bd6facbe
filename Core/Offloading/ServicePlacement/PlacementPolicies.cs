using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>Finds a slot's placement by each <see cref="PlacementPolicy"/>.</summary>
internal static class PlacementPolicies
{
    /// <summary>Plays in the slot from the placement of the last one; returns moves and messages made, if it is a game.</summary>
    /// <param name="game">Starts on the last placement and is left on the new one.</param>
    /// <param name="nearest">The site nearest to each user.</param>
    public static DynamicsResult? Place(
        PlacementGame game, ServicePlacementOptions options, int[] nearest, ref RandomStream random)
    {
        switch (options.Policy)
        {
            case PlacementPolicy.BestResponse:
                return ResponseDynamics.Run(game, new DynamicsOptions());
            case PlacementPolicy.MarkovApproximation:
                var beta = options.InverseTemperature / options.LatencyWeight;
                new MarkovApproximation(game, beta, options.Rule).Search(options.MarkovSteps, ref random);
                return null;
            case PlacementPolicy.Exact:
                Apply(game, PlacementExactSearch.Solve(game.Slot, game.Sites).Sites);
                return null;
            case PlacementPolicy.AlwaysMigrate:
                Apply(game, nearest);
                return null;
            case PlacementPolicy.NeverMigrate:
                return null;
            case PlacementPolicy.Random:
                for (var user = 0; user < game.PlayerCount; user++)
                {
                    game.Move(user, random.NextInt(game.ResourceCount));
                }
                return null;
            case PlacementPolicy.Greedy:
                Greedy(game, ref random);
                return null;
            default:
                LatencyOnly(game);
                return null;
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

    private static void LatencyOnly(PlacementGame game)
    {
        var careless = new PlacementGame(game.Slot.WithBacklog(0), game.Sites);
        ResponseDynamics.Run(careless, new DynamicsOptions());
        Apply(game, careless.Sites);
    }
}
