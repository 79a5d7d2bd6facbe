using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// How far link flows are from an equilibrium under given costs, computed from the link flows alone: shortest paths are
/// found anew and nothing is taken from the solver.
/// </summary>
public sealed record WardropCertificate
{
    private const double UnitRoundoff = 1.0 / (1L << 53);

    /// <summary>Sum of x t(x).</summary>
    public required double TotalTravelTime { get; init; }

    /// <summary>Sum over pairs of demand times shortest path cost, at the costs of these flows.</summary>
    public required double ShortestPathTravelTime { get; init; }

    /// <summary>Sum of the integrals of t from 0 to x: Beckmann's objective, the potential of the game.</summary>
    public required double Objective { get; init; }

    public required double Demand { get; init; }

    /// <summary>The relative gap that was asked for.</summary>
    public required double Tolerance { get; init; }

    /// <summary>
    /// Largest difference between what leaves and what enters a node and its demand, in vehicles per hour.
    /// </summary>
    public required double ConservationError { get; init; }

    /// <summary>
    /// Flow that enters and leaves nodes below the first through node without starting or ending there.
    /// </summary>
    public required double ForbiddenThroughFlow { get; init; }

    /// <summary>
    /// A bound on what rounding may have taken from <see cref="RelativeGap"/>: that of costs, in both sums, and of
    /// distances, one rounding a link; the sums themselves are compensated.
    /// </summary>
    public required double GapError { get; init; }

    /// <summary>
    /// Trips whose shortest paths were not looked for before it was stopped: they count as if these cost nothing, so
    /// that the gap is an upper bound.
    /// </summary>
    public double UnmeasuredTrips { get; init; }

    /// <summary>(TSTT - SPTT) / TSTT; 0 for no travel at all.</summary>
    public double RelativeGap =>
        TotalTravelTime == 0 ? 0 : (TotalTravelTime - ShortestPathTravelTime) / TotalTravelTime;

    /// <summary>(TSTT - SPTT) / demand: what a vehicle pays on average above its shortest path.</summary>
    public double AverageExcessCost => Demand == 0 ? 0 : (TotalTravelTime - ShortestPathTravelTime) / Demand;

    /// <summary>No feasible flow has a smaller objective than this.</summary>
    public double LowerBound => Objective - (TotalTravelTime - ShortestPathTravelTime);

    /// <summary>The relative gap is within the tolerance, whatever rounding did.</summary>
    public bool IsEquilibrium => RelativeGap + GapError <= Tolerance;

    /// <summary>Measures link flows.</summary>
    public static WardropCertificate Issue(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, ReadOnlySpan<double> flows, double tolerance) =>
        Issue(network, demand, costs, flows, tolerance, null);

    /// <param name="network">The roads.</param>
    /// <param name="demand">The trips.</param>
    /// <param name="costs">What is to be in equilibrium.</param>
    /// <param name="flows">[links]</param>
    /// <param name="tolerance">The relative gap asked for.</param>
    /// <param name="onTree">Told of each origin's shortest paths and of the costs [links].</param>
    /// <param name="stop">Leaves the remaining trips unmeasured.</param>
    internal static WardropCertificate Issue(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, ReadOnlySpan<double> flows, double tolerance,
        Action<int, ShortestPathTree, double[]>? onTree, CancellationToken stop = default)
    {
        var times = new double[flows.Length];
        var (total, objective) = (default(PreciseSum), default(PreciseSum));
        for (var link = 0; link < flows.Length; link++)
        {
            times[link] = costs.At(link, flows[link]);
            total.Add(flows[link] * times[link]);
            objective.Add(costs.Integral(link, flows[link]));
        }
        var balance = new FlowBalance(network, flows);
        var (shortest, unmeasured, longest) = (default(PreciseSum), default(PreciseSum), 0);
        var tree = network.NewTree();
        var lengths = new int[network.Graph.NodeCount];
        for (var i = 0; i + 1 < demand.FirstOfOrigin.Length; i++)
        {
            var isMeasured = !stop.IsCancellationRequested;
            if (isMeasured)
            {
                tree.Grow(demand.Pairs[demand.FirstOfOrigin[i]].Origin - 1, times);
                longest = Math.Max(longest, Longest(network, tree, lengths));
                onTree?.Invoke(i, tree, times);
            }
            for (var pair = demand.FirstOfOrigin[i]; pair < demand.FirstOfOrigin[i + 1]; pair++)
            {
                var (_, destination, flow) = demand.Pairs[pair];
                shortest.Add(isMeasured ? flow * tree.Distances[destination - 1] : 0);
                unmeasured.Add(isMeasured ? 0 : flow);
                balance.AddTrips(demand.Pairs[pair]);
            }
        }
        return new WardropCertificate
        {
            TotalTravelTime = total.Value,
            ShortestPathTravelTime = shortest.Value,
            Objective = objective.Value,
            Demand = demand.Total,
            Tolerance = tolerance,
            GapError = ((2 * costs.Roundings()) + longest + 8) * UnitRoundoff,
            UnmeasuredTrips = unmeasured.Value,
            ConservationError = balance.LargestError(),
            ForbiddenThroughFlow = balance.ForbiddenThroughFlow(network.FirstThroughNode - 1),
        };
    }

    /// <summary>The most links on a shortest path.</summary>
    private static int Longest(TrafficNetwork network, ShortestPathTree tree, int[] lengths)
    {
        var longest = 0;
        foreach (var node in tree.Settled)
        {
            var link = tree.InLinks[node];
            lengths[node] = link < 0 ? 0 : lengths[network.Graph.From[link]] + 1;
            longest = Math.Max(longest, lengths[node]);
        }
        return longest;
    }
}

/// <summary>A sum whose rounding error does not grow with its length (Neumaier 1974).</summary>
internal struct PreciseSum
{
    private double _sum;
    private double _error;

    public readonly double Value => _sum + _error;

    public void Add(double term)
    {
        var sum = _sum + term;
        _error += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
    }
}

/// <summary>What enters and leaves each node.</summary>
internal sealed class FlowBalance
{
    private readonly double[] _in;
    private readonly double[] _out;
    private readonly double[] _attracted;
    private readonly double[] _produced;

    public FlowBalance(TrafficNetwork network, ReadOnlySpan<double> flows)
    {
        var nodes = network.Graph.NodeCount;
        (_in, _out, _attracted, _produced) =
            (new double[nodes], new double[nodes], new double[nodes], new double[nodes]);
        for (var link = 0; link < flows.Length; link++)
        {
            _out[network.Graph.From[link]] += flows[link];
            _in[network.Graph.To[link]] += flows[link];
        }
    }

    public void AddTrips(Trips trips)
    {
        _produced[trips.Origin - 1] += trips.Flow;
        _attracted[trips.Destination - 1] += trips.Flow;
    }

    public double LargestError()
    {
        var largest = 0.0;
        for (var node = 0; node < _in.Length; node++)
        {
            largest = Math.Max(largest, Math.Abs(_in[node] + _produced[node] - _out[node] - _attracted[node]));
        }
        return largest;
    }

    public double ForbiddenThroughFlow(int firstThroughNode)
    {
        var sum = 0.0;
        for (var node = 0; node < firstThroughNode; node++)
        {
            sum += Math.Max(0, _in[node] - _attracted[node]);
        }
        return sum;
    }
}
