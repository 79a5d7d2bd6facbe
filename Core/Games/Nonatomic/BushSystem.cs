using System.Runtime.InteropServices;
using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// The quadratic model of Beckmann's objective over shifts within all bushes. The unknowns are shifts between the links
/// into a node, which add up to 0 there; more or less flow through a node goes to the links into it in proportion to
/// their flow (as in Bar-Gera 2002), so that bounds are met at single nodes. A product with the Hessian takes one pass
/// over all bushes.
/// </summary>
internal sealed class BushSystem(DirectedGraph graph, OriginBush[] bushes)
{
    /// <summary>Conjugate gradients stop once the preconditioned residual is this small against the first.</summary>
    private const double ResidualReduction = 1e-8;

    /// <summary>A link without flow takes part as if it had this share of what its head passes on.</summary>
    private const double LeastShare = 1e-3;

    private readonly double[] _through = new double[graph.NodeCount];
    private readonly double[] _costs = new double[graph.LinkCount];
    private readonly double[] _potentials = new double[graph.NodeCount];
    private readonly int[] _treeLinks = new int[graph.NodeCount];
    private readonly int[] _positions = new int[graph.NodeCount];
    private readonly double[] _linkChanges = new double[graph.LinkCount];
    private readonly List<int> _nodes = [];
    private readonly List<double> _gains = [];
    private readonly List<double> _scales = [];
    private readonly List<double> _shares = [];

    /// <summary>[bushes + 1] where the unknowns of each start.</summary>
    public int[] First { get; } = new int[bushes.Length + 1];

    /// <summary>[unknowns] the flow of the link as a share of what its head passes on.</summary>
    public ReadOnlySpan<double> Shares => CollectionsMarshal.AsSpan(_shares);

    /// <summary>[unknowns] shifts that lower the model, by preconditioned conjugate gradients.</summary>
    /// <param name="state">Current flows and costs.</param>
    /// <param name="limit">Iterations at most: few stay close to the current flows.</param>
    /// <param name="stop">Ends it with what it has.</param>
    public double[] Minimize(LinkState state, int limit, CancellationToken stop)
    {
        Build(state);
        var residual = _gains.ToArray();
        var solution = new double[residual.Length];
        var direction = new double[residual.Length];
        var image = new double[residual.Length];
        var scaled = new double[residual.Length];
        var norm = Scale(residual, scaled);
        scaled.CopyTo(direction, 0);
        var goal = norm * ResidualReduction * ResidualReduction;
        for (var i = 0; i < limit && norm > goal && !stop.IsCancellationRequested; i++)
        {
            var curvature = Multiply(state.Derivatives, direction, image);
            if (!(curvature > 0) || !double.IsFinite(curvature))
            {
                break;
            }
            var step = norm / curvature;
            for (var j = 0; j < residual.Length; j++)
            {
                solution[j] += step * direction[j];
                residual[j] -= step * image[j];
            }
            var next = Scale(residual, scaled);
            for (var j = 0; j < residual.Length; j++)
            {
                direction[j] = scaled[j] + (next / norm * direction[j]);
            }
            norm = next;
        }
        return solution;
    }

    private void Build(LinkState state)
    {
        _nodes.Clear();
        _gains.Clear();
        _scales.Clear();
        _shares.Clear();
        for (var i = 0; i < bushes.Length; i++)
        {
            First[i] = _gains.Count;
            Build(bushes[i], state.Times, state.Derivatives);
        }
        First[^1] = _gains.Count;
        _nodes.Add(_gains.Count);
    }

    private void Build(OriginBush bush, ReadOnlySpan<double> times, ReadOnlySpan<double> derivatives)
    {
        var links = bush.Links;
        var to = graph.To;
        (_potentials[bush.Origin], _positions[bush.Origin]) = (0, -1);
        for (var k = 0; k < links.Length;)
        {
            var first = k;
            for (; k < links.Length && to[links[k]] == to[links[first]]; k++)
            {
                _costs[k] = _potentials[graph.From[links[k]]] + times[links[k]];
            }
            var through = PutMainFirst(bush, first, k);
            var head = to[links[first]];
            (_treeLinks[head], _positions[head], _potentials[head]) = (links[first], first, _costs[first]);
            if (k - first > 1)
            {
                _nodes.Add(_gains.Count);
                _potentials[head] = AddNode(bush, first, k, through, derivatives);
            }
        }
    }

    /// <summary>
    /// Puts the link with the largest flow into a node first, or without flow the cheapest. Returns the flow.
    /// </summary>
    private double PutMainFirst(OriginBush bush, int first, int end)
    {
        var links = bush.Links;
        var flows = bush.Flows;
        var (main, through) = (first, 0.0);
        for (var i = first; i < end; i++)
        {
            through += flows[i];
            main = flows[i] > flows[main] || (flows[i] == flows[main] && _costs[i] < _costs[main]) ? i : main;
        }
        (links[first], links[main]) = (links[main], links[first]);
        (flows[first], flows[main]) = (flows[main], flows[first]);
        (_costs[first], _costs[main]) = (_costs[main], _costs[first]);
        return through;
    }

    /// <summary>Adds the links into a node as unknowns; returns their mean cost.</summary>
    private double AddNode(OriginBush bush, int first, int end, double through, ReadOnlySpan<double> derivatives)
    {
        var flows = bush.Flows;
        var mean = through == 0 ? _costs[first] : 0;
        for (var i = first; i < end && through > 0; i++)
        {
            mean += flows[i] / through * _costs[i];
        }
        var (main, weights, curvatures) = (_gains.Count, 0.0, 0.0);
        Add(mean - _costs[first], through == 0 ? 1 : flows[first] / through, 0);
        for (var i = first + 1; i < end; i++)
        {
            var gain = mean - _costs[i];
            var curvature = Curvature(bush.Links[i], derivatives);
            var isFree = (flows[i] > 0 || gain > 0) && through > 0 && curvature > 0 && double.IsFinite(curvature);
            var weight = isFree ? flows[i] + (LeastShare * through) : 0;
            Add(gain, through == 0 ? 0 : flows[i] / through, isFree ? weight / curvature : 0);
            weights += weight;
            curvatures += isFree ? weight * curvature : 0;
        }
        _scales[main] = weights > 0 ? flows[first] * weights / curvatures : 0;
        return mean;
    }

    private void Add(double gain, double share, double scale)
    {
        _gains.Add(gain);
        _shares.Add(share);
        _scales.Add(scale);
    }

    /// <summary>Sum of t' over a link and the tree's links upstream of its ends, as far as they differ.</summary>
    private double Curvature(int link, ReadOnlySpan<double> derivatives)
    {
        var sum = derivatives[link];
        var (a, b) = (graph.From[link], graph.To[link]);
        while (a != b)
        {
            ref var later = ref _positions[a] > _positions[b] ? ref a : ref b;
            sum += derivatives[_treeLinks[later]];
            later = graph.From[_treeLinks[later]];
        }
        return sum;
    }

    /// <summary>
    /// The preconditioner: scales a vector about its mean at every node; returns the product of both.
    /// </summary>
    private double Scale(double[] vector, double[] scaled)
    {
        var scales = CollectionsMarshal.AsSpan(_scales);
        var product = 0.0;
        for (var i = 0; i + 1 < _nodes.Count; i++)
        {
            var (sum, weight) = (0.0, 0.0);
            for (var j = _nodes[i]; j < _nodes[i + 1]; j++)
            {
                sum += scales[j] * vector[j];
                weight += scales[j];
            }
            var mean = weight > 0 ? sum / weight : 0;
            for (var j = _nodes[i]; j < _nodes[i + 1]; j++)
            {
                scaled[j] = scales[j] * (vector[j] - mean);
                product += scaled[j] * (vector[j] - mean);
            }
        }
        return product;
    }

    /// <summary>The Hessian times a vector; returns the product with the vector again.</summary>
    private double Multiply(ReadOnlySpan<double> derivatives, double[] vector, double[] image)
    {
        Array.Clear(_linkChanges);
        for (var i = 0; i < bushes.Length; i++)
        {
            AddChanges(i, vector);
        }
        var product = 0.0;
        for (var link = 0; link < _linkChanges.Length; link++)
        {
            var change = _linkChanges[link];
            _linkChanges[link] = change == 0 ? 0 : change * derivatives[link];
            product += change * _linkChanges[link];
        }
        for (var i = 0; i < bushes.Length; i++)
        {
            AddCosts(i, image);
        }
        return product;
    }

    /// <summary>What shifts within a bush add to the flows of links.</summary>
    private void AddChanges(int index, double[] vector)
    {
        var links = bushes[index].Links;
        var from = graph.From;
        var to = graph.To;
        var shares = Shares;
        var unknown = First[index + 1] - 1;
        for (var end = links.Length; end > 0;)
        {
            var head = to[links[end - 1]];
            var through = _through[head];
            _through[head] = 0;
            if (end == 1 || to[links[end - 2]] != head)
            {
                var link = links[--end];
                _linkChanges[link] += through;
                _through[from[link]] += through;
                continue;
            }
            for (; end > 0 && to[links[end - 1]] == head; end--, unknown--)
            {
                var link = links[end - 1];
                var change = vector[unknown] + (shares[unknown] * through);
                _linkChanges[link] += change;
                _through[from[link]] += change;
            }
        }
        _through[bushes[index].Origin] = 0;
    }

    /// <summary>How changes of costs change the cost of the paths that lead over a link.</summary>
    private void AddCosts(int index, double[] image)
    {
        var links = bushes[index].Links;
        var from = graph.From;
        var to = graph.To;
        var shares = Shares;
        var unknown = First[index];
        _potentials[bushes[index].Origin] = 0;
        for (var k = 0; k < links.Length;)
        {
            var head = to[links[k]];
            if (k + 1 == links.Length || to[links[k + 1]] != head)
            {
                _potentials[head] = _potentials[from[links[k]]] + _linkChanges[links[k]];
                k++;
                continue;
            }
            var mean = 0.0;
            for (; k < links.Length && to[links[k]] == head; k++, unknown++)
            {
                image[unknown] = _potentials[from[links[k]]] + _linkChanges[links[k]];
                mean += shares[unknown] * image[unknown];
            }
            _potentials[head] = mean;
        }
    }
}
