namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// A finite game has an ordinal potential if and only if no cycle of moves, none of which costs its mover more,
/// contains one that costs it less (Voorneveld and Norde 1997); and a generalised ordinal potential if and only if
/// improving moves form no cycle (Monderer and Shapley 1996). Decided by the strongly connected components of the graph
/// of such moves (Tarjan 1972).
/// </summary>
internal static class OrdinalPotentialTest
{
    public static PotentialVerdict Decide(NormalFormGame game, double relativeTolerance, bool isGeneralized)
    {
        var kind = isGeneralized ? PotentialKind.GeneralizedOrdinal : PotentialKind.Ordinal;
        var moves = new ImprovementGraph(game, relativeTolerance, includeTies: !isGeneralized);
        var components = StronglyConnected.Components(game.ProfileCount, moves.Successors);
        for (var profile = 0; profile < components.Length; profile++)
        {
            foreach (var next in moves.Improvements(profile))
            {
                if (components[profile] == components[next])
                {
                    var cycle = CycleThrough(moves, components, profile, next);
                    return new PotentialVerdict(kind, null, null, cycle, isGeneralized
                        ? "every move around the cycle costs its mover less"
                        : "no move around the cycle costs its mover more, and the first costs it less");
                }
            }
        }
        // Tarjan's algorithm closes a component after all that it leads to: its number falls along improving moves.
        return new PotentialVerdict(kind, Array.ConvertAll(components, number => (double)number), null, null, null);
    }

    /// <summary>The move from one profile to the next, and a shortest way back inside their component.</summary>
    private static int[] CycleThrough(ImprovementGraph moves, int[] components, int from, int next)
    {
        var previous = new Dictionary<int, int> { [next] = -1 };
        var queue = new Queue<int>([next]);
        while (!previous.ContainsKey(from))
        {
            var profile = queue.Dequeue();
            foreach (var successor in moves.Successors(profile))
            {
                if (components[successor] == components[from] && previous.TryAdd(successor, profile))
                {
                    queue.Enqueue(successor);
                }
            }
        }
        var cycle = new List<int>();
        for (var profile = from; profile >= 0; profile = previous[profile])
        {
            cycle.Add(profile);
        }
        cycle.Reverse();
        return [from, .. cycle[..^1]];
    }
}

/// <summary>Single moves that do not cost their mover more.</summary>
internal sealed class ImprovementGraph(NormalFormGame game, double relativeTolerance, bool includeTies)
{
    /// <summary>Moves that cost the mover less.</summary>
    public IEnumerable<int> Improvements(int profile) => Moves(profile, withTies: false);

    /// <summary>Moves that cost the mover less or, if ties are included, as much.</summary>
    public IEnumerable<int> Successors(int profile) => Moves(profile, includeTies);

    private IEnumerable<int> Moves(int profile, bool withTies)
    {
        for (var player = 0; player < game.PlayerCount; player++)
        {
            var current = game.StrategyIn(profile, player);
            for (var strategy = 0; strategy < game.StrategyCount(player); strategy++)
            {
                var next = game.Deviate(profile, player, strategy);
                var change = game.CostIn(next, player) - game.CostIn(profile, player);
                var tolerance = relativeTolerance * game.Scale(player, next, profile);
                if (strategy != current && (withTies ? change <= tolerance : change < -tolerance))
                {
                    yield return next;
                }
            }
        }
    }
}

/// <summary>Tarjan's strongly connected components, without recursion.</summary>
internal static class StronglyConnected
{
    /// <summary>[nodes] component numbers; a component has a larger number than all that it leads to.</summary>
    public static int[] Components(int nodeCount, Func<int, IEnumerable<int>> successors)
    {
        var (index, low, component) = (new int[nodeCount], new int[nodeCount], new int[nodeCount]);
        Array.Fill(component, -1);
        var (counter, componentCount) = (0, 0);
        var open = new Stack<int>();
        var path = new Stack<(int Node, IEnumerator<int> Pending)>();
        for (var root = 0; root < nodeCount; root++)
        {
            if (index[root] == 0)
            {
                Enter(root);
            }
            while (path.TryPeek(out var top))
            {
                if (top.Pending.MoveNext())
                {
                    var next = top.Pending.Current;
                    if (index[next] == 0)
                    {
                        Enter(next);
                    }
                    else if (component[next] < 0)
                    {
                        low[top.Node] = Math.Min(low[top.Node], index[next]);
                    }
                }
                else
                {
                    Leave();
                }
            }
        }
        return component;

        void Enter(int node)
        {
            index[node] = low[node] = ++counter;
            open.Push(node);
            path.Push((node, successors(node).GetEnumerator()));
        }

        void Leave()
        {
            var node = path.Pop().Node;
            if (path.TryPeek(out var parent))
            {
                low[parent.Node] = Math.Min(low[parent.Node], low[node]);
            }
            if (low[node] != index[node])
            {
                return;
            }
            int member;
            do
            {
                member = open.Pop();
                component[member] = componentCount;
            }
            while (member != node);
            componentCount++;
        }
    }
}
