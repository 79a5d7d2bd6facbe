namespace OrleansEdge.Core.Games.Placement;

/// <summary>An activation as a placement policy sees it.</summary>
/// <param name="Load">What it asks of its silo, in load units per second, at least 0.</param>
/// <param name="MigrationCost">What moving it costs, in load units times utilisation, at least 0.</param>
/// <param name="Silo">The silo that it is on; -1 for a new one.</param>
public readonly record struct Activation(long Load, double MigrationCost, int Silo)
{
    /// <summary>The silos that it may move to; null for all.</summary>
    public IReadOnlySet<int>? Allowed { get; init; }

    /// <summary>
    /// Number of the activation that it may not move beside, which names this one in turn; null for none.
    /// </summary>
    public int? ApartFrom { get; init; }
}

/// <summary>Silos with their activations. A silo of capacity 0 is leaving or gone and takes none.</summary>
public sealed class SiloCluster
{
    private readonly double[] _capacities;
    private readonly Activation[] _activations;
    private readonly long[] _loads;

    /// <param name="capacities">[silos] load units per second, at least 0 and somewhere above it.</param>
    /// <param name="activations">All activations.</param>
    /// <exception cref="OrleansEdgeException">
    /// A capacity, load or cost is below 0 or not finite, or a silo is unknown (65).
    /// </exception>
    public SiloCluster(IEnumerable<double> capacities, IEnumerable<Activation> activations)
    {
        _capacities = [.. capacities];
        _activations = [.. activations];
        _loads = new long[_capacities.Length];
        var wrong = Array.FindIndex(_capacities, capacity => !(capacity >= 0) || !double.IsFinite(capacity));
        Check.Data(wrong < 0, wrong < 0 ? "" : FormattableString.Invariant(
            $"silo {wrong}: capacity {_capacities[wrong]}; expected a number of at least 0"));
        Check.Data(Array.Exists(_capacities, capacity => capacity > 0), "no silo has capacity; expected at least 1");
        foreach (var (index, activation) in _activations.Index())
        {
            Check.Data(activation.Load >= 0, $"activation {index}: load {activation.Load}; expected at least 0");
            Check.Data(
                activation.MigrationCost >= 0 && double.IsFinite(activation.MigrationCost), FormattableString.Invariant(
                $"activation {index}: migration cost {activation.MigrationCost}; expected a number of at least 0"));
            Check.Data(activation.Silo >= -1 && activation.Silo < _capacities.Length,
                $"activation {index}: silo {activation.Silo}; expected -1 to {_capacities.Length - 1}");
            RequirePair(index, activation.ApartFrom);
            if (activation.Silo >= 0)
            {
                _loads[activation.Silo] += activation.Load;
            }
        }
    }

    /// <summary>[silos] load units per second.</summary>
    public IReadOnlyList<double> Capacities => _capacities;

    public IReadOnlyList<Activation> Activations => _activations;

    /// <summary>[silos] the sum of the loads of the activations on each.</summary>
    public ReadOnlySpan<long> Loads => _loads;

    /// <summary>Load over capacity of the busiest silo; infinite if one without capacity has load.</summary>
    public double PeakUtilization
    {
        get
        {
            var peak = 0.0;
            for (var silo = 0; silo < _loads.Length; silo++)
            {
                peak = Math.Max(peak, _loads[silo] == 0 ? 0 : _loads[silo] / _capacities[silo]);
            }
            return peak;
        }
    }

    /// <summary>The silos that take activations.</summary>
    public int[] Available() => [.. Enumerable.Range(0, _capacities.Length).Where(silo => _capacities[silo] > 0)];

    /// <summary>
    /// Whether an activation may move to a silo now: it has capacity, is allowed, and does not have its counterpart.
    /// </summary>
    public bool MayMove(int activation, int silo) => IsAllowed(activation, silo)
        && (_activations[activation].ApartFrom is not { } other || _activations[other].Silo != silo);

    /// <summary>The same, wherever its counterpart is.</summary>
    internal bool IsAllowed(int activation, int silo) =>
        _capacities[silo] > 0 && _activations[activation].Allowed?.Contains(silo) != false;

    /// <summary>Puts an activation on a silo, from another or from none.</summary>
    public void Put(int activation, int silo)
    {
        var (load, _, from) = _activations[activation];
        if (from >= 0)
        {
            _loads[from] -= load;
        }
        _loads[silo] += load;
        _activations[activation] = _activations[activation] with { Silo = silo };
    }

    /// <summary>
    /// The silo where utilisation would be least with this load on top; the lowest number among equals.
    /// </summary>
    public int LeastUtilizedWith(long load) => LeastUtilizedWith(load, _ => true);

    /// <summary>The same for an activation among the silos that it may move to; -1 when there are none.</summary>
    public int LeastUtilizedFor(int activation) =>
        LeastUtilizedWith(_activations[activation].Load, silo => MayMove(activation, silo));

    private int LeastUtilizedWith(long load, Func<int, bool> may)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        for (var silo = 0; silo < _loads.Length; silo++)
        {
            var utilization = _capacities[silo] > 0 && may(silo)
                ? (_loads[silo] + load) / _capacities[silo]
                : double.PositiveInfinity;
            (best, least) = utilization < least ? (silo, utilization) : (best, least);
        }
        return best;
    }

    private void RequirePair(int index, int? other) => Check.Data(
        other is not { } pair || (pair >= 0 && pair < _activations.Length && _activations[pair].ApartFrom == index),
        $"activation {index}: apart from {other}; expected one that is apart from {index}");
}
