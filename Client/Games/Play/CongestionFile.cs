using System.Text.Json;
using OrleansEdge.Core;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// A congestion game as JSON: <c>{"costs": [[c0, c1, ...], ...], "players": [[[resource, ...], ...], ...]}</c>. A cost
/// is the polynomial c0 + c1 x + ... of its resource; a player is a list of sets of resources, counted from 0.
/// </summary>
internal sealed record CongestionFile
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public double[][]? Costs { get; init; }

    public int[][][]? Players { get; init; }

    /// <exception cref="OrleansEdgeException">The file is missing (66), or a value in it is wrong (65).</exception>
    public static CongestionGame Read(string path)
    {
        var file = Parse(path);
        try
        {
            return file.ToGame();
        }
        catch (OrleansEdgeException exception)
        {
            throw OrleansEdgeException.WrongData($"{path}: {exception.Message}");
        }
    }

    private static CongestionFile Parse(string path)
    {
        if (!File.Exists(path))
        {
            throw OrleansEdgeException.MissingInput($"--file is {path}; expected a JSON file that exists");
        }
        try
        {
            return JsonSerializer.Deserialize<CongestionFile>(File.ReadAllBytes(path), Lenient)
                ?? throw OrleansEdgeException.WrongData(
                    $"{path}:1: null; expected an object with 'costs' and 'players'");
        }
        catch (JsonException exception)
        {
            throw OrleansEdgeException.WrongData(
                $"{path}:{(exception.LineNumber ?? 0) + 1}: {exception.Path ?? "$"} is not of the right kind; "
                + "expected 'costs' as lists of numbers and 'players' as lists of lists of resource numbers");
        }
    }

    private CongestionGame ToGame()
    {
        if (Costs is not { Length: > 0 } || Players is not { Length: > 0 })
        {
            throw OrleansEdgeException.WrongData("'costs' or 'players' is missing or empty; expected both");
        }
        var wrong = Array.FindIndex(Costs, cost => cost is not { Length: > 0 });
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData($"costs[{wrong}] is empty; expected at least one coefficient");
        }
        if (Array.Exists(Players, sets => sets is null || Array.Exists(sets, set => set is null)))
        {
            throw OrleansEdgeException.WrongData("'players' holds null; expected lists of resource numbers");
        }
        return new CongestionGame(Array.ConvertAll(Costs, LoadCost.Polynomial), Players);
    }
}
