namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Games in which a resource costs each player what its presence costs everybody: k c(k) - (k - 1) c(k - 1). Their
/// Rosenthal potential is the social cost of the original game, so that their equilibria are its local optima and best
/// response is local search.
/// </summary>
public static class MarginalCostGames
{
    /// <summary>The marginal cost of a resource; at load 1 its cost.</summary>
    public static LoadCost Marginal(LoadCost cost) => new MarginalLoadCost(cost);

    private sealed class MarginalLoadCost(LoadCost cost) : LoadCost
    {
        public override double At(int load) =>
            load == 0 ? 0 : (load * cost.At(load)) - (load == 1 ? 0 : (load - 1) * cost.At(load - 1));

        /// <summary>x c(x)</summary>
        public override double SumTo(int load) => load == 0 ? 0 : load * cost.At(load);
    }
}
