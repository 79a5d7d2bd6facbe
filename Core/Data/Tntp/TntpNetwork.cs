using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>A road network as its TNTP file gives it.</summary>
public sealed class TntpNetwork
{
    private Dictionary<long, int>? _nodes;

    /// <summary>
    /// The network. Where the file's numbers are not 1 to the number of nodes, its nodes stand in the order of their
    /// numbers and each may be a zone.
    /// </summary>
    public required TrafficNetwork Network { get; init; }

    /// <summary>As in the file's head.</summary>
    public required int Zones { get; init; }

    /// <summary>Time units per unit of toll; null where the file does not say.</summary>
    public double? TollFactor { get; init; }

    /// <summary>Time units per unit of length; null where the file does not say.</summary>
    public double? DistanceFactor { get; init; }

    /// <summary>What is odd in the file and was read all the same, each with file and line.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The node that goes by a number, counted from 1; 0 where there is none.</summary>
    public int NodeOf(long number)
    {
        if (Network.NodeNumbers is not { } numbers)
        {
            return number >= 1 && number <= Network.Graph.NodeCount ? (int)number : 0;
        }
        _nodes ??= numbers.Index().ToDictionary(entry => entry.Item, entry => entry.Index + 1);
        return _nodes.GetValueOrDefault(number);
    }
}
