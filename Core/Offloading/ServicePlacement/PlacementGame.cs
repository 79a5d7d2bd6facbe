using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>
/// One slot's placement as a game with its current profile: a strategy is a site. Its weighted potential, which the
/// slides leave open, is Phi = V sum_i (W_i^2 + sum of the squared weights on i) / (2 F_i) + sum_k (w_k / g_k) (V d +
/// Q e): a move changes it by w_k / g_k of the mover's change of cost, and with <see cref="SiteSharing.SquareRoot"/>
/// by just that.
/// </summary>
public sealed class PlacementGame : IPotentialGame, IResourceGame
{
    private readonly int[] _sites;
    private readonly int[] _numbers;
    private readonly long[] _loads;
    private readonly double[] _factors;

    /// <param name="sites">[users]: the profile to begin with.</param>
    public PlacementGame(PlacementSlot slot, ReadOnlySpan<int> sites)
    {
        (Slot, _sites, _loads, _factors) = (slot, sites.ToArray(), new long[slot.Sites], new double[slot.Sites]);
        _numbers = [.. Enumerable.Range(0, slot.Sites)];
        if (_sites.Length != slot.Users || _sites.Any(site => (uint)site >= (uint)slot.Sites))
        {
            throw OrleansEdgeException.WrongData(
                $"{_sites.Length} placements; expected {slot.Users} of 0 to {slot.Sites - 1}");
        }
        for (var user = 0; user < _sites.Length; user++)
        {
            _loads[_sites[user]] += slot.Weight(user);
            _factors[_sites[user]] += slot.LoadFactor(user);
        }
    }

    public PlacementSlot Slot { get; }

    /// <summary>[users]: site of every user.</summary>
    public ReadOnlySpan<int> Sites => _sites;

    /// <summary>W: [sites].</summary>
    public ReadOnlySpan<long> Loads => _loads;

    public int PlayerCount => _sites.Length;

    public int ResourceCount => _loads.Length;

    public PotentialKind PotentialKind =>
        Slot.Sharing == SiteSharing.SquareRoot ? PotentialKind.Exact : PotentialKind.Weighted;

    /// <summary>Latency of all users, s.</summary>
    public double TotalLatencySeconds =>
        Enumerable.Range(0, PlayerCount).Sum(user => Slot.LatencySeconds(user, _sites[user], _loads[_sites[user]]));

    /// <summary>Migration cost of all users against the last slot.</summary>
    public double TotalMigrationCost =>
        Enumerable.Range(0, PlayerCount).Sum(user => Slot.MigrationCost(user, _sites[user]));

    /// <summary>
    /// The slot's objective: V times the latency, plus Q times the migration cost; the sum of all costs.
    /// </summary>
    public double Objective => (Slot.LatencyWeight * TotalLatencySeconds) + (Slot.Backlog * TotalMigrationCost);

    public double Potential
    {
        get
        {
            var (shared, alone) = (0.0, 0.0);
            for (var site = 0; site < _loads.Length; site++)
            {
                shared += (double)_loads[site] * _loads[site] / Slot.CyclesPerSecond(site);
            }
            for (var user = 0; user < _sites.Length; user++)
            {
                var weight = (double)Slot.Weight(user);
                shared += weight * weight / Slot.CyclesPerSecond(_sites[user]);
                alone += weight / Slot.LoadFactor(user) * Slot.FixedCost(user, _sites[user]);
            }
            return (Slot.LatencyWeight * shared / 2) + alone;
        }
    }

    public int StrategyCount(int player) => _loads.Length;

    public int Strategy(int player) => _sites[player];

    public double Cost(int player) => DeviationCost(player, _sites[player]);

    public double DeviationCost(int player, int strategy)
    {
        var load = _loads[strategy] + (strategy == _sites[player] ? 0 : Slot.Weight(player));
        return (Slot.LatencyWeight * (Slot.LoadFactor(player) * load / Slot.CyclesPerSecond(strategy)))
            + Slot.FixedCost(player, strategy);
    }

    /// <summary>Eight roundings of terms that are not below 0.</summary>
    public double CostError(int player, int strategy) =>
        (8 * CostComparison.Ulp * DeviationCost(player, strategy)) + double.Epsilon;

    /// <summary>A quotient is not a finite number of digits: what rounding leaves open stays open.</summary>
    public bool HasExactCosts => false;

    /// <summary>By how much the objective, the cost of all, would change if the player moved to each site.</summary>
    /// <param name="changes">[sites]; 0 at the player's own.</param>
    public void ObjectiveChanges(int player, Span<double> changes)
    {
        var current = _sites[player];
        var now = Added(player, current, -1);
        for (var site = 0; site < changes.Length; site++)
        {
            changes[site] = site == current ? 0 : Added(player, site, 0) - now;
        }
    }

    public void Move(int player, int strategy)
    {
        var current = _sites[player];
        _loads[current] -= Slot.Weight(player);
        _loads[strategy] += Slot.Weight(player);
        _factors[current] -= Slot.LoadFactor(player);
        _factors[strategy] += Slot.LoadFactor(player);
        _sites[player] = strategy;
    }

    public ReadOnlySpan<int> Resources(int player, int strategy) => _numbers.AsSpan(strategy, 1);

    // The objective with the player on the site less the one without the player. A site's latency is (sum g) W / F.
    private double Added(int player, int site, int present)
    {
        var (weight, factor) = (Slot.Weight(player), Slot.LoadFactor(player));
        var load = _loads[site] + (present * weight);
        var factors = _factors[site] + (present * factor);
        var shared = ((factors + factor) * (load + weight)) - (factors * load);
        return (Slot.LatencyWeight * shared / Slot.CyclesPerSecond(site)) + Slot.FixedCost(player, site);
    }
}
