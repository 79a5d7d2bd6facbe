namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Theorem 6 made constructive (Milchtaich 1996, theorem 2): players enter one by one with a best reply. Only those on
/// the resource entered can then want to leave; one of them moves to a best reply, which frees its resource to the load
/// before and burdens another, and so on along a chain until nobody on the last resource wants to leave. With k players
/// in the game a chain has at most k (r - 1) moves, so all moves together are at most r C(n+1, 2).
/// </summary>
public static class MilchtaichInsertion
{
    /// <summary>
    /// An equilibrium of the game, which ends up in it whatever its profile was. O(n) work a move: made for up to some
    /// ten thousand players; see <see cref="PlayerSpecificSolver"/> for more.
    /// </summary>
    public static EquilibriumCertificate Solve(PlayerSpecificGame game)
    {
        var costs = game.Costs;
        var onResource = new List<int>[game.ResourceCount];
        for (var resource = 0; resource < onResource.Length; resource++)
        {
            onResource[resource] = [];
        }
        var moves = 0L;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var target = BestReply(costs, onResource, player, current: -1);
            onResource[target].Add(player);
            moves++;
            while (TryLeave(costs, onResource, target, out var next))
            {
                target = next;
                moves++;
            }
        }
        for (var resource = 0; resource < onResource.Length; resource++)
        {
            foreach (var player in onResource[resource])
            {
                game.Move(player, resource);
            }
        }
        return Certificates.Issue(game, 0, StopReason.Equilibrium) with { Steps = moves, Messages = moves };
    }

    /// <summary>r C(n+1, 2): insertions and moves together.</summary>
    public static StepBound Bound(PlayerSpecificGame game) =>
        new(0.5 * game.ResourceCount * game.PlayerCount * (game.PlayerCount + 1.0), "r C(n+1, 2), Milchtaich 1996");

    private static bool TryLeave(PlayerSpecificCosts costs, List<int>[] onResource, int resource, out int target)
    {
        for (var i = 0; i < onResource[resource].Count; i++)
        {
            var player = onResource[resource][i];
            target = BestReply(costs, onResource, player, resource);
            if (target != resource)
            {
                onResource[resource].RemoveAt(i);
                onResource[target].Add(player);
                return true;
            }
        }
        target = resource;
        return false;
    }

    private static int BestReply(PlayerSpecificCosts costs, List<int>[] onResource, int player, int current)
    {
        var (best, bestLoad) = (current, current < 0 ? 0 : onResource[current].Count);
        for (var resource = 0; resource < onResource.Length; resource++)
        {
            var load = onResource[resource].Count + 1;
            if (resource != current && (best < 0 || costs.Compare(player, resource, load, best, bestLoad) < 0))
            {
                (best, bestLoad) = (resource, load);
            }
        }
        return best;
    }
}
