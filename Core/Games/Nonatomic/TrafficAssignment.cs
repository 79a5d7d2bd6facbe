using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Traffic equilibrium and system optimum by path equilibration: rounds that add each pair's shortest path, and between them sweeps
/// that shift flow among the known paths (after Dafermos and Sparrow 1969; Xie, Nie and Liu 2018).
/// </summary>
public static class TrafficAssignment
{
    /// <summary>Assigns demand to paths until the relative gap is reached; says so if it is not.</summary>
    /// <exception cref="OrleansEdgeException">An option is out of range (64); a pair has no path (65).</exception>
    public static TrafficEquilibrium Solve(TrafficNetwork network, TravelDemand demand, AssignmentOptions options)
    {
        options.Validate();
        return Solve(network, demand, network.Costs(options.TollWeight, options.DistanceWeight), options);
    }

    /// <summary>The same with costs of the caller's, such as costs with Pigou's tolls; the options' weights are not looked at.</summary>
    public static TrafficEquilibrium Solve(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, AssignmentOptions options)
    {
        options.Validate();
        if (demand.ZoneCount > network.ZoneCount)
        {
            throw OrleansEdgeException.WrongData(
                $"{network.Name}: {network.ZoneCount} zones, trips for {demand.ZoneCount}; expected as many");
        }
        var perceived = options.Objective == AssignmentObjective.SystemOptimum ? costs.Marginal() : costs;
        var run = new AssignmentRun(network, demand, perceived, options);
        var reason = run.Solve();
        return new TrafficEquilibrium
        {
            Network = network,
            Demand = demand,
            Costs = costs,
            LinkFlows = run.LinkFlows(),
            Wardrop = WardropCertificate.Issue(network, demand, perceived, run.LinkFlows(), options.RelativeGap),
            Iterations = run.Iterations,
            ActivePaths = run.ActivePaths,
            StopReason = reason,
        };
    }
}

/// <summary>The state of one assignment.</summary>
internal sealed class AssignmentRun
{
    private readonly TrafficNetwork _network;
    private readonly TravelDemand _demand;
    private readonly AssignmentOptions _options;
    private readonly ShortestPathTree _tree;
    private readonly LinkState _links;
    private readonly PathStore _store;
    private readonly PathEquilibration _equilibration;
    private readonly int[] _path;

    public AssignmentRun(TrafficNetwork network, TravelDemand demand, LinkCosts costs, AssignmentOptions options)
    {
        (_network, _demand, _options) = (network, demand, options);
        _tree = network.NewTree();
        _links = new LinkState(costs);
        _store = new PathStore(demand.Pairs.Count);
        _equilibration = new PathEquilibration(_links, _store, costs.LinkCount);
        _path = new int[network.Graph.NodeCount];
        for (var link = 0; link < costs.LinkCount; link++)
        {
            _links.Set(link, 0);
        }
    }

    public int Iterations { get; private set; }

    public int ActivePaths => _store.Count;

    public double[] LinkFlows() => [.. _links.Flows];

    public StopReason Solve()
    {
        Load();
        while (Iterations < _options.MaxIterations)
        {
            var gap = AddShortestPaths(out var total);
            if (gap <= _options.RelativeGap * total)
            {
                return StopReason.GapReached;
            }
            Iterations++;
            Sweep(gap, 0.5 * _options.RelativeGap * total);
            Settle();
        }
        return StopReason.StepLimit;
    }

    /// <summary>Loads each origin's demand onto the shortest paths that the origins before it left.</summary>
    private void Load()
    {
        for (var i = 0; i + 1 < _demand.FirstOfOrigin.Length; i++)
        {
            Grow(i);
            for (var pair = _demand.FirstOfOrigin[i]; pair < _demand.FirstOfOrigin[i + 1]; pair++)
            {
                var links = _path.AsSpan(0, _tree.PathTo(_demand.Pairs[pair].Destination - 1, _path));
                _store.TryAdd(pair, links);
                _store.Paths(pair)[0].Flow = _demand.Pairs[pair].Flow;
                foreach (var link in links)
                {
                    _links.Add(link, _demand.Pairs[pair].Flow);
                }
            }
        }
    }

    /// <summary>Gives every pair its shortest path. Returns the excess cost sum f_p (c_p - u), and the total cost.</summary>
    private double AddShortestPaths(out double total)
    {
        var (excess, cost) = (0.0, 0.0);
        for (var i = 0; i + 1 < _demand.FirstOfOrigin.Length; i++)
        {
            Grow(i);
            for (var pair = _demand.FirstOfOrigin[i]; pair < _demand.FirstOfOrigin[i + 1]; pair++)
            {
                var node = _demand.Pairs[pair].Destination - 1;
                foreach (ref readonly var path in _store.Paths(pair))
                {
                    var pathCost = CostOf(path);
                    cost += path.Flow * pathCost;
                    excess += path.Flow * (pathCost - _tree.Distances[node]);
                }
                _store.TryAdd(pair, _path.AsSpan(0, _tree.PathTo(node, _path)));
            }
        }
        total = cost;
        return excess;
    }

    private double CostOf(in PathRecord path)
    {
        var cost = 0.0;
        foreach (var link in _store.Links(path))
        {
            cost += _links.Times[link];
        }
        return cost;
    }

    /// <summary>Equilibrates the known paths until their excess cost is well below what it was, or below what is asked.</summary>
    private void Sweep(double gap, double wanted)
    {
        var goal = Math.Max(0.05 * gap, wanted);
        var excess = double.PositiveInfinity;
        for (var sweep = 0; sweep < _options.MaxSweeps && excess > goal; sweep++)
        {
            var negligible = Math.Min(excess, gap) * 0.01 / _demand.Pairs.Count;
            excess = 0;
            for (var pair = 0; pair < _demand.Pairs.Count; pair++)
            {
                excess += _equilibration.Equilibrate(pair, negligible);
            }
        }
    }

    /// <summary>Forgets empty paths and computes link flows anew from path flows, so that rounding does not add up.</summary>
    private void Settle()
    {
        var flows = new double[_links.Flows.Length];
        for (var pair = 0; pair < _demand.Pairs.Count; pair++)
        {
            _equilibration.DropUnused(pair);
            Conserve(_store.Paths(pair), _demand.Pairs[pair].Flow);
            foreach (ref readonly var path in _store.Paths(pair))
            {
                foreach (var link in _store.Links(path))
                {
                    flows[link] += path.Flow;
                }
            }
        }
        for (var link = 0; link < flows.Length; link++)
        {
            _links.Set(link, flows[link]);
        }
        _store.Compact();
    }

    /// <summary>Lets the largest flow be the demand less all others.</summary>
    private static void Conserve(Span<PathRecord> paths, double demand)
    {
        var largest = 0;
        for (var i = 1; i < paths.Length; i++)
        {
            largest = paths[i].Flow > paths[largest].Flow ? i : largest;
        }
        for (var i = 0; i < paths.Length; i++)
        {
            demand -= i == largest ? 0 : paths[i].Flow;
        }
        paths[largest].Flow = demand;
    }

    private void Grow(int originIndex)
    {
        var first = _demand.FirstOfOrigin[originIndex];
        _tree.Grow(_demand.Pairs[first].Origin - 1, _links.Times);
        for (var pair = first; pair < _demand.FirstOfOrigin[originIndex + 1]; pair++)
        {
            var (origin, destination, flow) = _demand.Pairs[pair];
            if (double.IsPositiveInfinity(_tree.Distances[destination - 1]))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"{_network.Name}: no path for {flow} trips from node {origin} to {destination}; expected a connected pair"));
            }
        }
    }
}
