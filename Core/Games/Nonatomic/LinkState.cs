namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>Flows of all links with their costs and derivatives at hand.</summary>
internal sealed class LinkState(LinkCosts costs)
{
    private readonly double[] _flows = new double[costs.LinkCount];
    private readonly double[] _rounding = new double[costs.LinkCount];
    private readonly double[] _times = new double[costs.LinkCount];
    private readonly double[] _derivatives = new double[costs.LinkCount];

    public ReadOnlySpan<double> Flows => _flows;

    public ReadOnlySpan<double> Times => _times;

    public ReadOnlySpan<double> Derivatives => _derivatives;

    /// <summary>
    /// Adds flow to a link and returns by how much its cost changed. What rounding takes away is kept for the next
    /// addition, so that flows do not drift over millions of them.
    /// </summary>
    public double Add(int link, double change)
    {
        var before = _times[link];
        var term = change + _rounding[link];
        var flow = _flows[link] + term;
        var rest = term - (flow - _flows[link]);
        Set(link, Math.Max(0, flow));
        _rounding[link] = rest;
        return _times[link] - before;
    }

    public void Set(int link, double flow)
    {
        _flows[link] = flow;
        _rounding[link] = 0;
        _times[link] = costs.At(link, flow);
        _derivatives[link] = costs.Derivative(link, flow);
    }
}
