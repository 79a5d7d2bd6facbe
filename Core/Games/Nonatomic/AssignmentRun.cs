using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>The state of one assignment.</summary>
internal sealed class AssignmentRun
{
    private const int RoundsWithoutProgress = 50;
    private const int SweepsPerNewtonStep = 3;

    /// <summary>Newton steps start below this relative gap: above it, too many paths still come and go.</summary>
    private const double NewtonGap = 1e-6;

    /// <summary>Known paths are equilibrated to this share of the gap before new ones are looked for.</summary>
    private const double RestrictedShare = 0.05;

    /// <summary>At the end they are equilibrated to this share of the gap asked for.</summary>
    private const double AskedShare = 0.02;

    /// <summary>A sweep leaves alone pairs with less than this share of the mean excess cost.</summary>
    private const double NegligibleShare = 0.01;

    private readonly TrafficNetwork _network;
    private readonly TravelDemand _demand;
    private readonly LinkCosts _costs;
    private readonly AssignmentOptions _options;
    private readonly ShortestPathTree _tree;
    private readonly LinkState _links;
    private readonly PathStore _store;
    private readonly PathEquilibration _equilibration;
    private readonly PathNewton _newton;
    private readonly int[] _path;
    private readonly CancellationToken _stop;
    private readonly Action<SolverProgress>? _progress;

    public AssignmentRun(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, AssignmentOptions options,
        CancellationToken stop, Action<SolverProgress>? progress)
    {
        (_stop, _progress) = (stop, progress);
        (_network, _demand, _costs, _options) = (network, demand, costs, options);
        _tree = network.NewTree();
        _links = new LinkState(costs);
        _store = new PathStore(demand.Pairs.Count);
        _equilibration = new PathEquilibration(_links, _store, costs.LinkCount);
        _newton = new PathNewton(_links, _store, demand);
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
        var (least, since) = (double.PositiveInfinity, 0);
        while (Iterations < _options.MaxIterations)
        {
            Iterations++;
            var gap = AddShortestPaths(out var total);
            if (gap <= _options.RelativeGap * total && IsReached())
            {
                return StopReason.GapReached;
            }
            _progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"gap {gap / total:g3}, round {Iterations}")));
            Sweep(gap, total);
            Settle();
            if (_stop.IsCancellationRequested)
            {
                return StopReason.Stopped;
            }
            since = gap < 0.9 * least ? 0 : since + 1;
            least = Math.Min(gap, least);
            if (since == RoundsWithoutProgress)
            {
                return StopReason.Stalled;
            }
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

    /// <summary>
    /// Gives every pair its shortest path and equilibrates its paths before the next origin is looked at. Returns the
    /// excess cost sum f_p (c_p - u) and the total cost, as met on the way.
    /// </summary>
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
                _equilibration.Equilibrate(pair, 0);
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

    /// <summary>
    /// Equilibrates the known paths until their excess cost is well below what it was, or below what is asked.
    /// </summary>
    private void Sweep(double gap, double total)
    {
        var goal = Math.Max(RestrictedShare * gap, AskedShare * _options.RelativeGap * total);
        var excess = double.PositiveInfinity;
        var isNewtonWorthwhile = gap < NewtonGap * total;
        for (var sweep = 1; sweep <= _options.MaxSweeps && excess > goal && !_stop.IsCancellationRequested; sweep++)
        {
            var negligible = Math.Min(excess, gap) * NegligibleShare / _demand.Pairs.Count;
            excess = 0;
            for (var pair = 0; pair < _demand.Pairs.Count; pair++)
            {
                excess += _equilibration.Equilibrate(pair, negligible);
            }
            if (isNewtonWorthwhile && sweep % SweepsPerNewtonStep == 0 && excess > goal)
            {
                isNewtonWorthwhile = _newton.TryStep();
            }
        }
    }

    /// <summary>Whether the certificate of these flows confirms the gap that was met on the way.</summary>
    private bool IsReached()
    {
        Settle();
        return WardropCertificate.Issue(_network, _demand, _costs, _links.Flows, _options.RelativeGap).IsEquilibrium;
    }

    /// <summary>Forgets empty paths, and computes link flows anew.</summary>
    private void Settle()
    {
        for (var pair = 0; pair < _demand.Pairs.Count; pair++)
        {
            _equilibration.DropUnused(pair);
            Conserve(_store.Paths(pair), _demand.Pairs[pair].Flow);
        }
        _newton.Reload();
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
