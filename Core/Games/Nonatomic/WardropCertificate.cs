namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// How far link flows are from an equilibrium under given costs, computed from the link flows alone: shortest paths are
/// found anew and nothing is taken from the solver.
/// </summary>
public sealed record WardropCertificate
{
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

    /// <summary>(TSTT - SPTT) / TSTT; 0 for no travel at all.</summary>
    public double RelativeGap =>
        TotalTravelTime == 0 ? 0 : (TotalTravelTime - ShortestPathTravelTime) / TotalTravelTime;

    /// <summary>(TSTT - SPTT) / demand: what a vehicle pays on average above its shortest path.</summary>
    public double AverageExcessCost => Demand == 0 ? 0 : (TotalTravelTime - ShortestPathTravelTime) / Demand;

    /// <summary>No feasible flow has a smaller objective than this.</summary>
    public double LowerBound => Objective - (TotalTravelTime - ShortestPathTravelTime);

    /// <summary>The relative gap is within the tolerance.</summary>
    public bool IsEquilibrium => RelativeGap <= Tolerance;

    /// <summary>Measures link flows.</summary>
    public static WardropCertificate Issue(
        TrafficNetwork network, TravelDemand demand, LinkCosts costs, ReadOnlySpan<double> flows, double tolerance)
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
        var shortest = default(PreciseSum);
        var tree = network.NewTree();
        for (var i = 0; i + 1 < demand.FirstOfOrigin.Length; i++)
        {
            tree.Grow(demand.Pairs[demand.FirstOfOrigin[i]].Origin - 1, times);
            for (var pair = demand.FirstOfOrigin[i]; pair < demand.FirstOfOrigin[i + 1]; pair++)
            {
                var (_, destination, flow) = demand.Pairs[pair];
                shortest.Add(flow * tree.Distances[destination - 1]);
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
            ConservationError = balance.LargestError(),
            ForbiddenThroughFlow = balance.ForbiddenThroughFlow(network.FirstThroughNode - 1),
        };
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
