using System.ComponentModel;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// A congestion game as JSON: <c>{"costs": [[c0, c1, ...], ...], "players": [[[resource, ...], ...], ...], "weights":
/// [w, ...]}</c>. A cost is the polynomial c0 + c1 x + ... of its resource; a player is a list of sets of resources,
/// counted from 0. With weights x is the sum of the weights on a resource, and a player pays its weight times the cost.
/// </summary>
[Description("'costs' as lists of numbers, 'players' as lists of lists of resource numbers, 'weights' as integers")]
internal sealed record CongestionFile
{
    public Dyadic[][]? Costs { get; init; }

    public int[][][]? Players { get; init; }

    /// <summary>Integers of at least 1; absent: every player weighs 1.</summary>
    public long[]? Weights { get; init; }

    /// <exception cref="OrleansEdgeException">The file is missing (66), or a value in it is wrong (65).</exception>
    public static IResourceGame Read(Invocation invocation, string path) => GameFile.Read<CongestionFile, IResourceGame>(
        invocation, path, file =>
    {
        var (costs, players) = (CostsOf(file.Costs), GameFile.Required(file.Players, "players"));
        RequireSets(players);
        return file.Weights is null
            ? new CongestionGame(costs, players)
            : new WeightedCongestionGame(file.Weights, costs, players);
    });

    /// <summary>The costs of resources by their coefficients.</summary>
    public static LoadCost[] CostsOf(Dyadic[][]? costs)
    {
        var wrong = Array.FindIndex(GameFile.Required(costs, "costs"), cost => cost is not { Length: > 0 });
        return wrong < 0
            ? Array.ConvertAll(costs!, LoadCost.Polynomial)
            : throw OrleansEdgeException.WrongData($"costs[{wrong}] is empty; expected at least one coefficient");
    }

    /// <summary>Coefficients as they stand in a file.</summary>
    public static Dyadic[][] CoefficientsOf(IEnumerable<double[]> costs) =>
        [.. costs.Select(cost => Array.ConvertAll(cost, value => (Dyadic)value))];

    private static void RequireSets(int[][][] players)
    {
        foreach (var (player, sets) in players.Index())
        {
            var wrong = sets is null ? 0 : Array.FindIndex(sets, set => set is null);
            if (wrong >= 0)
            {
                throw OrleansEdgeException.WrongData(
                    $"players[{player}] holds null; expected lists of resource numbers");
            }
        }
    }
}
