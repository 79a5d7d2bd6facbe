namespace OrleansEdge.Core.Games.Placement;

/// <summary>
/// Activations as players on silos as resources. On a silo of capacity F and load L an activation of load g pays g L /
/// F, its load times the silo's utilisation, and away from home its migration cost on top. Exact potential (games.md
/// 3.1): P = sum over silos of (L^2 + sum of g^2) / (2 F), plus the migration costs of those away from home. What an
/// activation may not do narrows its strategies and leaves the potential of the others as it is.
/// </summary>
public sealed class SiloGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly SiloCluster _cluster;
    private readonly int[] _silos;
    private readonly int[] _resources;
    private readonly Int128[] _loads;
    private readonly Int128[] _squares;

    /// <summary>A game that starts with every activation where it is.</summary>
    /// <param name="cluster">Silos and activations; all activations are on silos of capacity above 0.</param>
    /// <exception cref="OrleansEdgeException">An activation is on no silo, or on one without capacity (65).</exception>
    public SiloGame(SiloCluster cluster)
    {
        _cluster = cluster;
        _silos = new int[cluster.Activations.Count];
        _resources = [.. Enumerable.Range(0, cluster.Capacities.Count)];
        (_loads, _squares) = (new Int128[_resources.Length], new Int128[_resources.Length]);
        for (var player = 0; player < _silos.Length; player++)
        {
            var home = cluster.Activations[player].Silo;
            if (home < 0 || cluster.Capacities[home] <= 0)
            {
                throw OrleansEdgeException.WrongData(
                    $"activation {player}: silo {home}; expected a silo with capacity");
            }
            _silos[player] = home;
            Add(player, home, 1);
        }
    }

    public int PlayerCount => _silos.Length;

    public int ResourceCount => _resources.Length;

    public double Potential
    {
        get
        {
            var sum = 0.0;
            for (var silo = 0; silo < _resources.Length; silo++)
            {
                var load = (double)_loads[silo];
                sum += _loads[silo] == 0
                    ? 0
                    : ((load * load) + (double)_squares[silo]) / (2 * _cluster.Capacities[silo]);
            }
            for (var player = 0; player < _silos.Length; player++)
            {
                sum += MigrationCost(player, _silos[player]);
            }
            return sum;
        }
    }

    public int StrategyCount(int player) => _resources.Length;

    /// <summary>The silo that an activation is on now.</summary>
    public int Strategy(int player) => _silos[player];

    public ReadOnlySpan<int> Resources(int player, int strategy) => _resources.AsSpan(strategy, 1);

    public double Cost(int player) => DeviationCost(player, _silos[player]);

    /// <summary>Infinite on a silo that the activation may not move to.</summary>
    public double DeviationCost(int player, int strategy)
    {
        if (strategy != _silos[player] && !MayMove(player, strategy))
        {
            return double.PositiveInfinity;
        }
        var capacity = _cluster.Capacities[strategy];
        var own = _cluster.Activations[player].Load;
        var load = _loads[strategy] + (strategy == _silos[player] ? 0 : own);
        return (own * (double)load / capacity) + MigrationCost(player, strategy);
    }

    /// <summary>Five roundings of terms that are not below 0.</summary>
    public double CostError(int player, int strategy) =>
        (4 * CostComparison.Ulp * DeviationCost(player, strategy)) + double.Epsilon;

    /// <summary>A quotient is not a finite number of digits: what rounding leaves open stays open.</summary>
    public bool HasExactCosts => false;

    public void Move(int player, int strategy)
    {
        Add(player, _silos[player], -1);
        Add(player, strategy, 1);
        _silos[player] = strategy;
    }

    /// <summary>The potential, which is at least 0, over the least gain of a move.</summary>
    public StepBound? StepBound(double epsilon) =>
        epsilon > 0 ? new StepBound(Potential / epsilon, "P(a) / least gain") : null;

    private bool MayMove(int player, int silo) => _cluster.IsAllowed(player, silo)
        && (_cluster.Activations[player].ApartFrom is not { } other || _silos[other] != silo);

    private double MigrationCost(int player, int silo) =>
        silo == _cluster.Activations[player].Silo ? 0 : _cluster.Activations[player].MigrationCost;

    private void Add(int player, int silo, int sign)
    {
        Int128 load = _cluster.Activations[player].Load;
        _loads[silo] += sign * load;
        _squares[silo] += sign * load * load;
    }
}
