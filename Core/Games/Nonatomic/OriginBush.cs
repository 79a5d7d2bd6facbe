namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// The links that the trips of one origin may take, and their flows: without a cycle, so that labels are found in one
/// pass. Links with the same head lie next to each other, and heads come after the tails of their links.
/// </summary>
internal sealed class OriginBush(int origin, int firstPair, int endPair)
{
    private int[] _links = [];
    private double[] _flows = [];
    private int _count;

    /// <summary>The node that trips start from, counted from 0.</summary>
    public int Origin => origin;

    /// <summary>Its pairs of the demand.</summary>
    public (int First, int End) Pairs => (firstPair, endPair);

    public Span<int> Links => _links.AsSpan(0, _count);

    public Span<double> Flows => _flows.AsSpan(0, _count);

    /// <summary>Takes other links and their flows.</summary>
    public void Assign(ReadOnlySpan<int> links, ReadOnlySpan<double> flows)
    {
        if (links.Length > _links.Length || 2 * links.Length < _links.Length)
        {
            var room = links.Length + (links.Length / 8);
            (_links, _flows) = (new int[room], new double[room]);
        }
        links.CopyTo(_links);
        flows.CopyTo(_flows);
        _count = links.Length;
    }
}
