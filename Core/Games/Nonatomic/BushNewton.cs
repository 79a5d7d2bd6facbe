using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// A Newton step on the flows of all bushes at once: shifts within one bush at a time agree slowly where many bushes
/// share links. The quadratic model of the objective is minimised by conjugate gradients (truncated Newton, after
/// Bertsekas 1982), bounds are met by projection, and the step is as long as lowers the objective most.
/// </summary>
internal sealed class BushNewton(
    DirectedGraph graph, LinkCosts costs, LinkState state, BushFlows sums, OriginBush[] bushes)
{
    private const int MaxHalvings = 40;
    private const int MinIterations = 4;
    private const int MaxIterations = 300;

    /// <summary>The search along a step ends where the slope is this small against the first.</summary>
    private const double SlopeReduction = 0.1;

    /// <summary>
    /// Changes of the objective below this share of the costs are rounding: a step is then taken in good faith, if they
    /// are rounding at its end too.
    /// </summary>
    private const double Rounding = 1e-15;

    /// <summary>Shifts are shortened by this factor, and given up below this share.</summary>
    private const double Shortening = 0.25;
    private const double LeastReach = 1e-7;

    private readonly BushSystem _system = new(graph, bushes);
    private readonly double[] _through = new double[graph.NodeCount];
    private readonly double[] _targets = new double[graph.LinkCount];
    private readonly double[] _change = new double[graph.LinkCount];

    /// <summary>
    /// Iterations of conjugate gradients: more of them lead further, where more flows meet their bounds; so that they
    /// grow after steps that were taken whole, and shrink after steps that were cut.
    /// </summary>
    private int _limit = MinIterations;

    /// <summary>Takes one step, unless the objective would not fall.</summary>
    public void Step(CancellationToken stop)
    {
        sums.Conserve(bushes);
        sums.Sum(bushes);
        var shifts = _system.Minimize(state, _limit, stop);
        var (reach, length) = Fit(shifts);
        _limit = (reach * length) switch
        {
            > 0.9 => Math.Min(_limit * 3 / 2, MaxIterations),
            < 0.5 => Math.Max(_limit / 2, MinIterations),
            _ => _limit,
        };
        if (length > 0)
        {
            Visit(shifts, length);
            sums.Sum(bushes);
        }
    }

    /// <summary>
    /// Shortens the shifts until most of the way to their projection lowers the objective: where two bushes hold each
    /// other's flow, one that meets its bound far ahead of the other would end the step at once.
    /// </summary>
    /// <returns>The share of the shifts that is left, and how far to go on the way to their projection.</returns>
    private (double Reach, double Length) Fit(double[] shifts)
    {
        for (var reach = 1.0; reach > LeastReach; reach *= Shortening)
        {
            Array.Clear(_change);
            Visit(shifts, 0);
            var length = Search();
            if (length > 0.5)
            {
                return (reach, length);
            }
            for (var i = 0; i < shifts.Length; i++)
            {
                shifts[i] *= Shortening;
            }
        }
        return (0, 0);
    }

    /// <summary>Finds the flows of all bushes after the shifts, and adds them up or moves towards them.</summary>
    /// <param name="shifts">[unknowns]</param>
    /// <param name="length">In (0, 1] how far to move; 0 adds up.</param>
    private void Visit(ReadOnlySpan<double> shifts, double length)
    {
        for (var i = 0; i < bushes.Length; i++)
        {
            var flows = bushes[i].Flows;
            Project(i, shifts);
            for (var k = 0; k < flows.Length; k++)
            {
                if (length == 0)
                {
                    _change[bushes[i].Links[k]] += _targets[k] - flows[k];
                }
                else
                {
                    flows[k] = length == 1 ? _targets[k] : flows[k] + (length * (_targets[k] - flows[k]));
                }
            }
        }
    }

    /// <summary>
    /// The flows of a bush after the shifts: none below 0, and those into a node scaled where they are more than what
    /// it passes on.
    /// </summary>
    private void Project(int index, ReadOnlySpan<double> shifts)
    {
        var bush = bushes[index];
        var links = bush.Links;
        var from = graph.From;
        var to = graph.To;
        var shares = _system.Shares;
        var unknown = _system.First[index + 1] - 1;
        sums.AddTrips(bush, _through);
        for (var end = links.Length; end > 0;)
        {
            var head = to[links[end - 1]];
            var (first, through, sum) = (end - 1, _through[head], 0.0);
            _through[head] = 0;
            if (first == 0 || to[links[first - 1]] != head)
            {
                _targets[first] = through;
            }
            else
            {
                for (first = end; first > 0 && to[links[first - 1]] == head; first--, unknown--)
                {
                    _targets[first - 1] = Math.Max(0, (shares[unknown] * through) + shifts[unknown]);
                    sum += _targets[first - 1];
                }
                for (var k = first; k < end && sum > 0; k++)
                {
                    _targets[k] *= through / sum;
                }
            }
            for (var k = first; k < end; k++)
            {
                _through[from[links[k]]] += _targets[k];
            }
            end = first;
        }
        _through[bush.Origin] = 0;
    }

    /// <summary>
    /// The length in (0, 1] at which the objective falls no more along the change; 0 if it does not fall.
    /// </summary>
    private double Search()
    {
        var atStart = Slope(0);
        var noise = 0.0;
        for (var link = 0; link < _change.Length; link++)
        {
            noise += _change[link] == 0 ? 0 : Rounding * state.Flows[link] * state.Times[link];
        }
        if (!(Math.Abs(atStart) > noise))
        {
            return Math.Abs(Slope(1)) <= noise ? 1 : 0;
        }
        if (atStart > 0)
        {
            return 0;
        }
        var (low, high, at) = (0.0, 1.0, 1.0);
        for (var i = 0; i < MaxHalvings; i++)
        {
            var slope = Slope(at);
            if (Math.Abs(slope) <= -SlopeReduction * atStart || (slope < 0 && at == 1))
            {
                return at;
            }
            (low, high) = slope < 0 ? (at, high) : (low, at);
            at = 0.5 * (low + high);
        }
        return low;
    }

    private double Slope(double length)
    {
        var sum = default(PreciseSum);
        for (var link = 0; link < _change.Length; link++)
        {
            if (_change[link] != 0)
            {
                var flow = Math.Max(0, state.Flows[link] + (length * _change[link]));
                sum.Add(costs.At(link, flow) * _change[link]);
            }
        }
        return sum.Value;
    }
}
