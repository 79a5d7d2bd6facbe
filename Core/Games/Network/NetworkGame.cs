using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Core.Games.Network;

/// <summary>A player of a network game: one unit of traffic from a node to another, both counted from 0.</summary>
public readonly record struct Traveller(int Source, int Target);

/// <summary>
/// An atomic network game: each player routes one unit through a graph, and a link costs each player on it by how many
/// they are. A congestion game whose strategies are paths, too many to list: strategies are numbered as best responses
/// find them, by Dijkstra's algorithm over the costs that a newcomer would meet.
/// </summary>
public sealed class NetworkGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly DirectedGraph _graph;
    private readonly LoadCost[] _costs;
    private readonly Traveller[] _travellers;
    private readonly List<int[]>[] _paths;
    private readonly int[] _played;
    private readonly int[] _loads;
    private readonly double[] _costNow;
    private readonly double[] _costJoin;
    private readonly double[] _perceived;
    private readonly ShortestPathTree _tree;
    private readonly LoadCostSurvey _survey;
    private readonly bool _isExact;

    /// <summary>A game that starts with every player on its shortest path through the empty network.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="costs">[links] costs of at least 0.</param>
    /// <param name="travellers">[players]</param>
    /// <exception cref="OrleansEdgeException">
    /// A player's nodes are unknown or not connected, or a cost is below 0 or not finite (65).
    /// </exception>
    public NetworkGame(DirectedGraph graph, LoadCost[] costs, Traveller[] travellers)
    {
        (_graph, _costs, _travellers) = (graph, costs, travellers);
        _survey = LoadCostSurvey.Of(costs, [.. Enumerable.Repeat(travellers.Length, costs.Length)]);
        _isExact = _survey.AreSumsExact(graph.NodeCount);
        Check.Data(_survey.AreNonNegative, "a link's cost is below 0; expected at least 0");
        Check.Data(costs.Length == graph.LinkCount,
            $"{costs.Length} costs for {graph.LinkCount} links; expected one each");
        _paths = [.. travellers.Select(_ => new List<int[]>())];
        (_played, _loads) = (new int[travellers.Length], new int[costs.Length]);
        _costNow = [.. costs.Select(cost => cost.At(0))];
        _costJoin = [.. costs.Select(cost => cost.At(1))];
        _perceived = [.. _costJoin];
        _tree = new ShortestPathTree(graph);
        for (var player = 0; player < travellers.Length; player++)
        {
            _paths[player].Add(InitialPath(player));
        }
        for (var player = 0; player < travellers.Length; player++)
        {
            AddLoad(_paths[player][0], 1);
        }
    }

    public int PlayerCount => _travellers.Length;

    public int ResourceCount => _costs.Length;

    /// <summary>[links] players on each now.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <inheritdoc/>
    public bool HasUnlistedStrategies => true;

    /// <summary>Rosenthal's potential.</summary>
    public double Potential
    {
        get
        {
            var sum = 0.0;
            for (var link = 0; link < _costs.Length; link++)
            {
                sum += _costs[link].SumTo(_loads[link]);
            }
            return sum;
        }
    }

    /// <summary>How many paths of this player are known; there are more.</summary>
    public int StrategyCount(int player) => _paths[player].Count;

    public int Strategy(int player) => _played[player];

    /// <summary>The links of a path from its source on.</summary>
    public ReadOnlySpan<int> Resources(int player, int strategy) => _paths[player][strategy];

    public double Cost(int player)
    {
        var cost = 0.0;
        foreach (var link in _paths[player][_played[player]])
        {
            cost += _costNow[link];
        }
        return cost;
    }

    public double DeviationCost(int player, int strategy)
    {
        var current = _paths[player][_played[player]];
        var cost = 0.0;
        foreach (var link in _paths[player][strategy])
        {
            cost += Array.IndexOf(current, link) < 0 ? _costJoin[link] : _costNow[link];
        }
        return cost;
    }

    /// <summary>
    /// A shortest path over what each link would cost this player; newly found ones are added to its strategies.
    /// </summary>
    public StrategyCost BestResponse(int player)
    {
        var current = _paths[player][_played[player]];
        foreach (var link in current)
        {
            _perceived[link] = _costNow[link];
        }
        var path = ShortestPath(player);
        foreach (var link in current)
        {
            _perceived[link] = _costJoin[link];
        }
        var strategy = _paths[player].FindIndex(known => known.AsSpan().SequenceEqual(path));
        if (strategy < 0)
        {
            strategy = _paths[player].Count;
            _paths[player].Add(path);
        }
        var now = new StrategyCost(_played[player], Cost(player));
        var best = new StrategyCost(strategy, DeviationCost(player, strategy));
        return strategy != now.Strategy && CostComparison.IsCheaper(this, player, best, now) ? best : now;
    }

    /// <summary>No term is below 0, so that the error is a share of the cost.</summary>
    public double CostError(int player, int strategy) => _isExact ? 0
        : (_paths[player][strategy].Length + 1) * CostComparison.Ulp * DeviationCost(player, strategy);

    /// <inheritdoc/>
    public Dyadic ExactCost(int player, int strategy)
    {
        var current = _paths[player][_played[player]];
        Dyadic cost = 0L;
        foreach (var link in _paths[player][strategy])
        {
            cost += _costs[link].ExactAt(_loads[link] + (Array.IndexOf(current, link) < 0 ? 1 : 0));
        }
        return cost;
    }

    /// <summary>
    /// Where costs are not integers, the shortest path is the shortest but for the rounding of its sum: another can save
    /// so much more.
    /// </summary>
    public Regret RegretOf(int player)
    {
        var best = BestResponse(player);
        var distance = _tree.Distances[_travellers[player].Target];
        var now = new StrategyCost(_played[player], Cost(player));
        var found = best.Strategy == now.Strategy ? default : CostComparison.Between(this, player, now, best);
        if (_isExact)
        {
            return found;
        }
        var error = (_graph.NodeCount + 1) * CostComparison.Ulp * distance;
        var most = Regret.Between(now.Cost, CostError(player, now.Strategy), distance, error).Most;
        return found with { Most = Math.Max(found.Most, most) };
    }

    public void Move(int player, int strategy)
    {
        AddLoad(_paths[player][_played[player]], -1);
        AddLoad(_paths[player][strategy], 1);
        _played[player] = strategy;
    }

    /// <summary>Potential over the least gain of a move; 1 for integer costs.</summary>
    public StepBound? StepBound(double epsilon)
    {
        var leastGain = _survey.AreIntegers ? Math.Max(1, Math.Floor(epsilon) + 1) : epsilon;
        return leastGain > 0
            ? new StepBound(Potential / leastGain, "P(a) / least gain <= n M c_max / least gain")
            : null;
    }

    private int[] InitialPath(int player)
    {
        var (source, target) = _travellers[player];
        Check.Data((uint)source < (uint)_graph.NodeCount && (uint)target < (uint)_graph.NodeCount && source != target,
            $"player {player}: from node {source} to {target}; expected two nodes from 0 to {_graph.NodeCount - 1}");
        var path = ShortestPath(player);
        Check.Data(path.Length > 0,
            $"player {player}: no path from node {source} to {target}; expected connected nodes");
        return path;
    }

    private int[] ShortestPath(int player)
    {
        _tree.Grow(_travellers[player].Source, _perceived);
        var links = new int[_graph.NodeCount];
        var path = links[.._tree.PathTo(_travellers[player].Target, links)];
        Array.Reverse(path);
        return path;
    }

    private void AddLoad(int[] path, int change)
    {
        foreach (var link in path)
        {
            _loads[link] += change;
            _costNow[link] = _costs[link].At(_loads[link]);
            _costJoin[link] = _costs[link].At(_loads[link] + 1);
            _perceived[link] = _costJoin[link];
        }
    }
}
