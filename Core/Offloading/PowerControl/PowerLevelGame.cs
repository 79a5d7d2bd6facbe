using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.PowerControl;

/// <summary>
/// A power game with a number of power levels, as a finite game for the general dynamics, enumeration and tests of
/// potentials: level l of L is (l + 1) / L of the largest power. A cost is a utility negated.
/// </summary>
/// <remarks>Use <see cref="Create"/>: a game with a potential is also an <see cref="IPotentialGame"/>.</remarks>
public class PowerLevelGame : IFiniteGame
{
    private readonly PowerGame _game;
    private readonly int _levels;
    private readonly int[] _profile;
    private readonly double[] _watts;

    private PowerLevelGame(PowerGame game, int levels)
    {
        Check.Within(levels, 1, 1_000_000);
        (_game, _levels) = (game, levels);
        (_profile, _watts) = (new int[game.Network.Users], new double[game.Network.Users]);
        for (var user = 0; user < _profile.Length; user++)
        {
            Move(user, levels - 1);
        }
    }

    /// <summary>[users]: the current powers, W.</summary>
    public ReadOnlySpan<double> Watts => _watts;

    public int PlayerCount => _profile.Length;

    /// <summary>The game with all users at their largest power.</summary>
    public static PowerLevelGame Create(PowerGame game, int levels) =>
        game.PotentialKind is { } kind ? new WithPotential(game, levels, kind) : new PowerLevelGame(game, levels);

    public int StrategyCount(int player) => _levels;

    public int Strategy(int player) => _profile[player];

    public double Cost(int player) => -_game.Utility(player, _watts);

    public double DeviationCost(int player, int strategy)
    {
        var own = _watts[player];
        _watts[player] = PowerOf(strategy);
        var cost = Cost(player);
        _watts[player] = own;
        return cost;
    }

    public double CostError(int player, int strategy)
    {
        var own = _watts[player];
        _watts[player] = PowerOf(strategy);
        var error = _game.UtilityError(player, _watts);
        _watts[player] = own;
        return error;
    }

    /// <summary>Logarithms and quotients: what rounding leaves open stays open.</summary>
    public bool HasExactCosts => false;

    public void Move(int player, int strategy) => (_profile[player], _watts[player]) = (strategy, PowerOf(strategy));

    private double PowerOf(int level) => _game.Network.MostWatts * (level + 1) / _levels;

    private sealed class WithPotential(PowerGame game, int levels, PotentialKind kind)
        : PowerLevelGame(game, levels), IPotentialGame
    {
        public double Potential => -_game.Potential(_watts);

        public PotentialKind PotentialKind => kind;
    }
}
