using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Core.Games.Network;

/// <summary>
/// The equilibrium of a symmetric network game with non-decreasing costs in polynomial time (Fabrikant, Papadimitriou
/// and Talwar 2004): a link becomes parallel arcs of capacity 1 that cost c(1), c(2), ..., and a minimum-cost flow of n
/// units minimises Rosenthal's potential. Solved by successive shortest paths with node potentials, n runs of
/// Dijkstra's algorithm.
/// </summary>
public static class SymmetricNetworkSolver
{
    /// <summary>[links] loads of an equilibrium that minimises the potential.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="costs">[links] non-decreasing costs of at least 0.</param>
    /// <param name="source">Where all players start.</param>
    /// <param name="target">Where all players go.</param>
    /// <param name="playerCount">At least 1.</param>
    /// <exception cref="OrleansEdgeException">
    /// A cost is below 0, falls or is not finite, or there is no path (65).
    /// </exception>
    public static int[] Solve(DirectedGraph graph, LoadCost[] costs, int source, int target, int playerCount) =>
        Solve(graph, costs, source, target, playerCount, CancellationToken.None)!;

    /// <summary>The same; null where it was stopped before all players had their paths.</summary>
    public static int[]? Solve(
        DirectedGraph graph, LoadCost[] costs, int source, int target, int playerCount, CancellationToken stop)
    {
        Validate(costs, playerCount);
        var residual = Residual(graph);
        var (loads, weights) = (new int[costs.Length], new double[2 * costs.Length]);
        var heights = new double[graph.NodeCount];
        var tree = new ShortestPathTree(residual);
        var path = new int[graph.NodeCount];
        for (var unit = 0; unit < playerCount; unit++)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }
            FillWeights(graph, costs, loads, heights, weights);
            tree.Grow(source, weights);
            var distance = tree.Distances[target];
            if (double.IsPositiveInfinity(distance))
            {
                throw OrleansEdgeException.WrongData(
                    $"no path from node {source} to {target}; expected connected nodes");
            }
            foreach (var arc in path.AsSpan(0, tree.PathTo(target, path)))
            {
                loads[arc >> 1] += (arc & 1) == 0 ? 1 : -1;
            }
            for (var node = 0; node < heights.Length; node++)
            {
                heights[node] += Math.Min(tree.Distances[node], distance);
            }
        }
        return loads;
    }

    /// <summary>Splits loads into one path per player.</summary>
    /// <returns>[players][links from the source on]</returns>
    public static int[][] Decompose(
        DirectedGraph graph, ReadOnlySpan<int> loads, int source, int target, int playerCount)
    {
        var left = loads.ToArray();
        var paths = new int[playerCount][];
        for (var player = 0; player < playerCount; player++)
        {
            var path = new List<int>();
            for (var node = source; node != target; node = graph.To[path[^1]])
            {
                foreach (var link in graph.OutLinks(node))
                {
                    if (left[link] > 0)
                    {
                        left[link]--;
                        path.Add(link);
                        break;
                    }
                }
            }
            paths[player] = [.. path];
        }
        return paths;
    }

    /// <summary>Arc 2 l is link l, arc 2 l + 1 its way back.</summary>
    private static DirectedGraph Residual(DirectedGraph graph)
    {
        var (from, to) = (new int[2 * graph.LinkCount], new int[2 * graph.LinkCount]);
        for (var link = 0; link < graph.LinkCount; link++)
        {
            from[2 * link] = to[(2 * link) + 1] = graph.From[link];
            to[2 * link] = from[(2 * link) + 1] = graph.To[link];
        }
        return new DirectedGraph(graph.NodeCount, from, to);
    }

    /// <summary>Reduced costs, at least 0 up to rounding, which is cut off; an empty link has no way back.</summary>
    private static void FillWeights(
        DirectedGraph graph, LoadCost[] costs, int[] loads, double[] heights, double[] weights)
    {
        for (var link = 0; link < costs.Length; link++)
        {
            var drop = heights[graph.From[link]] - heights[graph.To[link]];
            weights[2 * link] = Math.Max(0, costs[link].At(loads[link] + 1) + drop);
            weights[(2 * link) + 1] = loads[link] == 0
                ? double.PositiveInfinity
                : Math.Max(0, -costs[link].At(loads[link]) - drop);
        }
    }

    private static void Validate(LoadCost[] costs, int playerCount)
    {
        if (playerCount < 1)
        {
            throw OrleansEdgeException.WrongData($"{playerCount} players; expected at least 1");
        }
        var survey = LoadCostSurvey.Of(costs, [.. Enumerable.Repeat(playerCount, costs.Length)]);
        var falling = Array.FindIndex(costs, cost => !cost.IsNonDecreasing(playerCount));
        if (!survey.AreNonNegative || falling >= 0)
        {
            throw OrleansEdgeException.WrongData(falling >= 0
                ? $"link {falling}: its cost falls with the load; expected a non-decreasing cost"
                : "a link's cost is below 0; expected at least 0");
        }
    }
}
