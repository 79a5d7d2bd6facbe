using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Network;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// A network game as JSON: <c>{"nodes": n, "links": [[from, to], ...], "costs": [[c0, c1, ...], ...], "players":
/// [[source, target], ...]}</c>, nodes counted from 0 and one cost a link.
/// </summary>
internal sealed record NetworkFile
{
    private const int MostNodes = 1_000_000;

    public int Nodes { get; init; }

    public int[][]? Links { get; init; }

    public Dyadic[][]? Costs { get; init; }

    public int[][]? Players { get; init; }

    public static NetworkFile Of(DirectedGraph graph, IEnumerable<double[]> coefficients, Traveller[] players) => new()
    {
        Nodes = graph.NodeCount,
        Links = [.. Enumerable.Range(0, graph.LinkCount).Select(link => new[] { graph.From[link], graph.To[link] })],
        Costs = CongestionFile.CoefficientsOf(coefficients),
        Players = Array.ConvertAll(players, player => new[] { player.Source, player.Target }),
    };

    /// <exception cref="OrleansEdgeException">A value is wrong (65).</exception>
    public (DirectedGraph Graph, LoadCost[] Costs, Traveller[] Players) Parts()
    {
        if (Nodes is < 2 or > MostNodes)
        {
            throw OrleansEdgeException.WrongData($"nodes is {Nodes}; expected 2 to {MostNodes}");
        }
        var links = GameFile.Flat(Links, "links", 2);
        var players = GameFile.Flat(Players, "players", 2);
        var costs = CongestionFile.CostsOf(Costs);
        if (costs.Length != links.Length / 2)
        {
            throw OrleansEdgeException.WrongData($"{costs.Length} costs for {links.Length / 2} links; expected one each");
        }
        return (
            new DirectedGraph(Nodes, [.. links.Where((_, i) => i % 2 == 0)], [.. links.Where((_, i) => i % 2 == 1)]),
            costs, [.. players.Chunk(2).Select(pair => new Traveller(pair[0], pair[1]))]);
    }
}
