using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>The state of one assignment.</summary>
internal sealed class AssignmentRun
{
    private const int RoundsWithoutProgress = 50;

    /// <summary>A gap below this share of the last one that counted is progress.</summary>
    private const double Progress = 0.9;

    /// <summary>Newton steps start below this relative gap: above it, too many links still come and go.</summary>
    private const double NewtonGap = 1e-3;

    /// <summary>Bushes are equilibrated to this share of the gap before they are renewed.</summary>
    private const double RestrictedShare = 0.3;

    /// <summary>At the end they are equilibrated to this share of the gap asked for.</summary>
    private const double AskedShare = 0.02;

    /// <summary>A sweep leaves alone bushes with less than this share of the mean excess cost.</summary>
    private const double NegligibleShare = 0.01;

    private readonly TrafficNetwork _network;
    private readonly TravelDemand _demand;
    private readonly LinkCosts _costs;
    private readonly AssignmentOptions _options;
    private readonly CancellationToken _stop;
    private readonly Action<SolverProgress>? _progress;
    private readonly LinkState _links;
    private readonly OriginBush[] _bushes;
    private readonly BushFlows _flows;
    private readonly BushRenewal _renewal;
    private readonly BushShift _shift;
    private readonly BushNewton _newton;

    public AssignmentRun(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, AssignmentOptions options,
        CancellationToken stop, Action<SolverProgress>? progress)
    {
        (_network, _demand, _costs, _options, _stop, _progress) = (network, demand, costs, options, stop, progress);
        var (graph, labels) = (network.Graph, new BushLabels(network.Graph));
        _links = new LinkState(costs);
        _bushes = new OriginBush[demand.FirstOfOrigin.Length - 1];
        for (var i = 0; i < _bushes.Length; i++)
        {
            var first = demand.FirstOfOrigin[i];
            _bushes[i] = new OriginBush(demand.Pairs[first].Origin - 1, first, demand.FirstOfOrigin[i + 1]);
        }
        _flows = new BushFlows(graph, demand, _links);
        _renewal = new BushRenewal(graph, labels);
        _shift = new BushShift(graph, _links, labels);
        _newton = new BushNewton(graph, costs, _links, _flows, _bushes);
        _flows.Sum(_bushes);
    }

    public int Iterations { get; private set; }

    public int CountPaths() => _bushes.Sum(_flows.CountPaths);

    /// <summary>[links] the best flows found.</summary>
    public double[] LinkFlows { get; private set; } = [];

    /// <summary>How good they are.</summary>
    public WardropCertificate Certificate { get; private set; } = null!;

    /// <summary>Rounds until the gap is certified, no more is to be had, or it is to stop.</summary>
    public StopReason Solve()
    {
        LinkFlows = Load();
        Certificate = Measure(LinkFlows);
        var (certificate, first) = (Certificate, Certificate.RelativeGap);
        var (mark, since) = (first, 0);
        while (!_stop.IsCancellationRequested)
        {
            Report(certificate.RelativeGap, first);
            if (certificate.IsEquilibrium)
            {
                return StopReason.GapReached;
            }
            if (certificate.RelativeGap <= certificate.GapError || since == RoundsWithoutProgress)
            {
                return StopReason.Stalled;
            }
            if (Iterations == _options.MaxIterations)
            {
                return StopReason.StepLimit;
            }
            Iterations++;
            Equilibrate(certificate.RelativeGap, certificate.TotalTravelTime, since);
            certificate = Measure(_links.Flows);
            (mark, since) = certificate.RelativeGap < Progress * mark
                ? (certificate.RelativeGap, 0)
                : (mark, since + 1);
            if (certificate.RelativeGap < Certificate.RelativeGap && certificate.UnmeasuredTrips == 0)
            {
                (Certificate, LinkFlows) = (certificate, [.. _links.Flows]);
            }
        }
        return StopReason.Stopped;
    }

    /// <summary>Certifies flows, and gives the bushes the shortest paths that it found.</summary>
    private WardropCertificate Measure(ReadOnlySpan<double> flows) => WardropCertificate.Issue(
        _network, _demand, _costs, flows, _options.RelativeGap,
        (i, tree, times) => _renewal.Renew(_bushes[i], tree, times), _stop);

    /// <summary>The share of the way is that of the gap's digits.</summary>
    private void Report(double gap, double first)
    {
        var share = Math.Log(first / gap) / Math.Log(first / _options.RelativeGap);
        _progress?.Invoke(new SolverProgress(
            Math.Clamp(share, 0, 1), FormattableString.Invariant($"gap {gap:g3}, round {Iterations + 1}")));
    }

    /// <summary>
    /// Loads each origin's demand onto the shortest paths that the origins before it left. Returns the flows of links;
    /// after a stop the last origins' trips go by a hub.
    /// </summary>
    private double[] Load()
    {
        var tree = _network.NewTree();
        for (var i = 0; i < _bushes.Length; i++)
        {
            if (i > 0 && _stop.IsCancellationRequested)
            {
                return LoadByHub(i);
            }
            var bush = _bushes[i];
            tree.Grow(bush.Origin, _links.Times);
            RequirePaths(bush, tree);
            _renewal.Begin(bush, tree);
            _flows.Conserve(bush);
            for (var k = 0; k < bush.Links.Length; k++)
            {
                _links.Add(bush.Links[k], bush.Flows[k]);
            }
        }
        _flows.Sum(_bushes);
        return [.. _links.Flows];
    }

    private void RequirePaths(OriginBush bush, ShortestPathTree tree)
    {
        for (var pair = bush.Pairs.First; pair < bush.Pairs.End; pair++)
        {
            var (origin, destination, flow) = _demand.Pairs[pair];
            if (double.IsPositiveInfinity(tree.Distances[destination - 1]))
            {
                throw OrleansEdgeException.WrongData(
                    FormattableString.Invariant($"{_network.Name}: no path for {flow} trips ")
                    + $"from node {origin} to {destination}; expected a connected pair");
            }
        }
    }

    private double[] LoadByHub(int firstOrigin)
    {
        var flows = _links.Flows.ToArray();
        var hub = _bushes[0].Origin;
        foreach (var link in _bushes[0].Links)
        {
            hub = hub >= _network.FirstThroughNode - 1 ? hub : _network.Graph.To[link];
        }
        var pairs = _demand.Pairs.Skip(_demand.FirstOfOrigin[firstOrigin]);
        new HubLoading(_network, hub, _links.Times).Load(pairs, _links.Times, flows);
        return flows;
    }

    /// <summary>
    /// Equilibrates the bushes until their excess cost is well below what it was, or below what is asked.
    /// </summary>
    private void Equilibrate(double gap, double total, int stalls)
    {
        var goal = Math.Max(RestrictedShare * Math.Pow(0.5, stalls) * gap, AskedShare * _options.RelativeGap) * total;
        var excess = double.PositiveInfinity;
        for (var sweep = 1; sweep <= _options.MaxSweeps && excess > goal && !_stop.IsCancellationRequested; sweep++)
        {
            var negligible = Math.Min(excess, gap * total) * NegligibleShare / _bushes.Length;
            excess = 0;
            for (var i = 0; i < _bushes.Length && !_stop.IsCancellationRequested; i++)
            {
                excess += _shift.Equilibrate(_bushes[i], negligible);
            }
            if ((stalls > 0 || gap < NewtonGap) && excess > goal && !_stop.IsCancellationRequested)
            {
                _newton.Step(_stop);
            }
        }
        _flows.Conserve(_bushes);
        _flows.Sum(_bushes);
    }
}
