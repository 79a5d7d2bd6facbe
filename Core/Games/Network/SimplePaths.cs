using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Core.Games.Network;

/// <summary>Lists all paths between two nodes that pass no node twice, for games on small graphs.</summary>
public static class SimplePaths
{
    /// <summary>The paths as links from the source on, in the order of a depth-first search.</summary>
    /// <exception cref="OrleansEdgeException">
    /// There are more than <paramref name="maxPaths"/>, or none (65).
    /// </exception>
    public static int[][] Between(DirectedGraph graph, int source, int target, int maxPaths = 100_000)
    {
        var paths = new List<int[]>();
        var links = new Stack<int>();
        var visited = new bool[graph.NodeCount];
        Extend(source);
        return paths.Count > 0
            ? [.. paths]
            : throw OrleansEdgeException.WrongData($"no path from node {source} to {target}; expected connected nodes");

        void Extend(int node)
        {
            if (node == target)
            {
                if (paths.Count == maxPaths)
                {
                    throw OrleansEdgeException.WrongData(
                        $"more than {maxPaths} paths from node {source} to {target}; expected a smaller graph");
                }
                paths.Add([.. links.Reverse()]);
                return;
            }
            visited[node] = true;
            foreach (var link in graph.OutLinks(node))
            {
                if (!visited[graph.To[link]])
                {
                    links.Push(link);
                    Extend(graph.To[link]);
                    links.Pop();
                }
            }
            visited[node] = false;
        }
    }

    /// <summary>The network game with all paths listed, for enumeration and for tests of potentials.</summary>
    /// <exception cref="OrleansEdgeException">A player has too many paths or none (65).</exception>
    public static CongestionGame ToCongestionGame(
        DirectedGraph graph, LoadCost[] costs, Traveller[] travellers, int maxPaths = 1000) =>
        new(costs, [.. travellers.Select(player => Between(graph, player.Source, player.Target, maxPaths))]);
}
