namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// A game as tables: the cost of every player in every profile. Profiles are numbered with player 0's strategy running
/// fastest.
/// </summary>
public sealed class NormalFormGame : IFiniteGame
{
    private readonly double[][] _costs;
    private readonly int[] _strategyCounts;
    private readonly int[] _strides;

    /// <param name="strategyCounts">[players] each at least 1.</param>
    /// <param name="costs">[players][profiles]</param>
    /// <exception cref="OrleansEdgeException">A table has the wrong length or holds no number (65).</exception>
    public NormalFormGame(int[] strategyCounts, double[][] costs)
    {
        (_strategyCounts, _costs) = (strategyCounts, costs);
        _strides = new int[strategyCounts.Length];
        var profiles = 1;
        for (var player = 0; player < strategyCounts.Length; player++)
        {
            _strides[player] = profiles;
            profiles = checked(profiles * strategyCounts[player]);
        }
        ProfileCount = profiles;
        for (var player = 0; player < costs.Length; player++)
        {
            var wrong = Array.FindIndex(costs[player], double.IsNaN);
            if (costs[player].Length != profiles || wrong >= 0 || costs.Length != strategyCounts.Length)
            {
                throw OrleansEdgeException.WrongData(wrong >= 0
                    ? $"player {player}, profile {wrong}: cost NaN; expected a number"
                    : $"player {player}: {costs[player].Length} costs; expected {profiles}, one a profile");
            }
        }
    }

    /// <summary>Tables of any game, which is brought back to the profile that it was in.</summary>
    /// <exception cref="OrleansEdgeException">There are more profiles than allowed (65).</exception>
    public static NormalFormGame From(IFiniteGame game, int maxProfiles = 1 << 20)
    {
        var counts = Profiles.Count(game, maxProfiles, out var profileCount);
        var costs = new double[game.PlayerCount][];
        for (var player = 0; player < costs.Length; player++)
        {
            costs[player] = new double[profileCount];
        }
        Profiles.Visit(game, counts, profile =>
        {
            for (var player = 0; player < costs.Length; player++)
            {
                costs[player][profile] = game.Cost(player);
            }
        });
        return new NormalFormGame(counts, costs);
    }

    public int PlayerCount => _strategyCounts.Length;

    public int ProfileCount { get; }

    /// <summary>The current profile's number.</summary>
    public int Profile { get; private set; }

    public int StrategyCount(int player) => _strategyCounts[player];

    public int Strategy(int player) => StrategyIn(Profile, player);

    public double Cost(int player) => _costs[player][Profile];

    public double DeviationCost(int player, int strategy) => _costs[player][Deviate(Profile, player, strategy)];

    public void Move(int player, int strategy) => Profile = Deviate(Profile, player, strategy);

    /// <summary>A player's cost in any profile.</summary>
    public double CostIn(int profile, int player) => _costs[player][profile];

    /// <summary>A player's strategy in any profile.</summary>
    public int StrategyIn(int profile, int player) => profile / _strides[player] % _strategyCounts[player];

    /// <summary>The profile that differs in one player's strategy.</summary>
    public int Deviate(int profile, int player, int strategy) =>
        profile + ((strategy - StrategyIn(profile, player)) * _strides[player]);

    /// <summary>The larger absolute cost of a player in two profiles: what a change between them is measured by.</summary>
    internal double Scale(int player, int one, int other) =>
        Math.Max(Math.Abs(_costs[player][one]), Math.Abs(_costs[player][other]));
}

/// <summary>Walks through all profiles of a game.</summary>
internal static class Profiles
{
    /// <summary>The players' strategy counts and their product.</summary>
    public static int[] Count(IFiniteGame game, int maxProfiles, out int profileCount)
    {
        var counts = new int[game.PlayerCount];
        var product = 1.0;
        for (var player = 0; player < counts.Length; player++)
        {
            counts[player] = game.StrategyCount(player);
            product *= counts[player];
        }
        if (product > maxProfiles || game.HasUnlistedStrategies)
        {
            throw OrleansEdgeException.WrongData(game.HasUnlistedStrategies
                ? "the game does not list its strategies; expected one that does, such as SimplePaths.ToCongestionGame"
                : FormattableString.Invariant($"{product:G4} profiles; expected at most {maxProfiles}"));
        }
        profileCount = (int)product;
        return counts;
    }

    /// <summary>
    /// Brings the game into every profile, in the order of their numbers, and back to the one that it was in. Player 0
    /// moves fastest.
    /// </summary>
    /// <param name="stop">The other profiles are left out.</param>
    /// <returns>How many profiles were visited.</returns>
    public static int Visit(IFiniteGame game, int[] counts, Action<int> visit, CancellationToken stop = default)
    {
        var visited = 0;
        var before = new int[counts.Length];
        for (var player = 0; player < counts.Length; player++)
        {
            before[player] = game.Strategy(player);
            game.Move(player, 0);
        }
        while (!stop.IsCancellationRequested)
        {
            visit(visited++);
            var player = 0;
            while (player < counts.Length && game.Strategy(player) + 1 == counts[player])
            {
                game.Move(player++, 0);
            }
            if (player == counts.Length)
            {
                break;
            }
            game.Move(player, game.Strategy(player) + 1);
        }
        for (var player = 0; player < counts.Length; player++)
        {
            game.Move(player, before[player]);
        }
        return visited;
    }
}
