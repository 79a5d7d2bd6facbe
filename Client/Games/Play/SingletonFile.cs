using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// A singleton game as JSON, in one of three forms: <c>{"costs": [[c0, c1, ...], ...], "playerCount": n}</c> where all
/// resources are allowed to all, <c>{"costs": ..., "allowed": [[resource, ...], ...]}</c> with a list for each player,
/// or <c>{"slopes": [[...], ...], "offsets": [[...], ...]}</c> with affine costs of each player's own for all resources.
/// </summary>
internal sealed record SingletonFile
{
    private const int MostPlayers = 10_000_000;

    public Dyadic[][]? Costs { get; init; }

    public int? PlayerCount { get; init; }

    /// <summary>[players][] resource numbers, from 0.</summary>
    public int[][]? Allowed { get; init; }

    /// <summary>[players][resources], each at least 0, in single precision.</summary>
    public float[][]? Slopes { get; init; }

    /// <summary>[players][resources], in single precision.</summary>
    public float[][]? Offsets { get; init; }

    /// <exception cref="OrleansEdgeException">The members are those of no form, or of two (65).</exception>
    public void Validate()
    {
        var isCommon = Costs is not null && Slopes is null && Offsets is null;
        Require(isCommon ? (PlayerCount is null) != (Allowed is null)
            : Costs is null && PlayerCount is null && Allowed is null && Slopes is not null && Offsets is not null);
        if (PlayerCount is < 1 or > MostPlayers)
        {
            throw OrleansEdgeException.WrongData($"playerCount is {PlayerCount}; expected 1 to {MostPlayers}");
        }
    }

    /// <summary>The costs of each player's own.</summary>
    public AffinePlayerSpecificCosts PlayerSpecific()
    {
        var columns = GameFile.Required(Slopes, "slopes")[0]?.Length ?? 0;
        return new AffinePlayerSpecificCosts(
            GameFile.Flat(Slopes, "slopes", columns), GameFile.Flat(Offsets, "offsets", columns), columns);
    }

    /// <summary>The game with the sets that are allowed.</summary>
    public SingletonGame Restricted()
    {
        var sets = GameFile.Required(Allowed, "allowed");
        var offsets = new int[sets.Length + 1];
        foreach (var (player, set) in sets.Index())
        {
            if (set is null || set.Distinct().Count() != set.Length)
            {
                throw OrleansEdgeException.WrongData(
                    $"allowed[{player}] names a resource twice or none; expected different resource numbers");
            }
            offsets[player + 1] = offsets[player] + set.Length;
        }
        return new SingletonGame(CongestionFile.CostsOf(Costs), offsets, [.. sets.SelectMany(set => set)]);
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw OrleansEdgeException.WrongData(
                "expected 'costs' with either 'playerCount' or 'allowed', or else 'slopes' and 'offsets'");
        }
    }
}
