namespace OrleansEdge.Core.Games.Congestion;

/// <summary>What one player pays for one resource at a load: non-decreasing in the load (Milchtaich 1996).</summary>
public abstract class PlayerSpecificCosts(int playerCount, int resourceCount)
{
    public int PlayerCount { get; } = playerCount;

    public int ResourceCount { get; } = resourceCount;

    /// <summary>
    /// The cost of a resource to a player when <paramref name="load"/> players, itself included, are on it.
    /// </summary>
    public abstract double At(int player, int resource, int load);

    /// <summary>The cost without rounding, of which <see cref="At"/> is the nearest double.</summary>
    public virtual Dyadic ExactAt(int player, int resource, int load) => At(player, resource, load);

    /// <summary>Whether <see cref="At"/> is known to be the cost without rounding.</summary>
    public virtual bool IsExactAt(int player, int resource, int load) => true;

    /// <summary>-1, 0 or 1 as a player's cost of one resource is below, equal to or above that of another.</summary>
    public int Compare(int player, int one, int oneLoad, int other, int otherLoad)
    {
        var (a, b) = (At(player, one, oneLoad), At(player, other, otherLoad));
        return a != b ? a.CompareTo(b)
            : (one == other && oneLoad == otherLoad)
                || (IsExactAt(player, one, oneLoad) && IsExactAt(player, other, otherLoad)) ? 0
            : ExactAt(player, one, oneLoad).CompareTo(ExactAt(player, other, otherLoad));
    }

    /// <summary>What a player saves by going from one resource to another; 0 where that is not cheaper.</summary>
    internal Regret Saving(int player, int from, int load, int to, int joined) =>
        IsExactAt(player, from, load) && IsExactAt(player, to, joined)
            ? Regret.Between(At(player, from, load), 0, At(player, to, joined), 0)
            : Regret.Of(ExactAt(player, from, load) - ExactAt(player, to, joined));

    /// <summary>Any function (player, resource, load).</summary>
    public static PlayerSpecificCosts From(int playerCount, int resourceCount, Func<int, int, int, double> function) =>
        new FunctionCosts(playerCount, resourceCount, function);

    /// <summary>
    /// Throws unless the costs are numbers that do not fall with the load, at loads 1 to n, or at powers of two above
    /// 2^20 values.
    /// </summary>
    /// <exception cref="OrleansEdgeException">A cost is not a number or falls (65).</exception>
    public virtual void Validate()
    {
        var isExhaustive = (double)PlayerCount * PlayerCount * ResourceCount <= 1 << 20;
        for (var player = 0; player < PlayerCount; player++)
        {
            for (var resource = 0; resource < ResourceCount; resource++)
            {
                var last = double.NegativeInfinity;
                for (var load = 1; load <= PlayerCount; load = isExhaustive ? load + 1 : load * 2)
                {
                    var cost = At(player, resource, load);
                    if (!double.IsFinite(cost) || cost < last)
                    {
                        throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                            $"player {player}, resource {resource}: cost {cost} at load {load}") +
                            "; expected a finite number that does not fall with the load");
                    }
                    last = cost;
                }
            }
        }
    }

    private sealed class FunctionCosts(int playerCount, int resourceCount, Func<int, int, int, double> function)
        : PlayerSpecificCosts(playerCount, resourceCount)
    {
        public override double At(int player, int resource, int load) => function(player, resource, load);
    }
}

/// <summary>
/// Affine costs slope x + offset of each player for each resource, stored as single precision and evaluated in double
/// with one rounding.
/// </summary>
public sealed class AffinePlayerSpecificCosts : PlayerSpecificCosts
{
    private readonly float[] _slopes;
    private readonly float[] _offsets;

    /// <param name="slopes">[players x resources], each at least 0.</param>
    /// <param name="offsets">[players x resources].</param>
    /// <param name="resourceCount">At least 1.</param>
    /// <exception cref="OrleansEdgeException">
    /// A length is wrong, a slope is below 0, or a number is not finite (65).
    /// </exception>
    public AffinePlayerSpecificCosts(float[] slopes, float[] offsets, int resourceCount)
        : base(slopes.Length / Math.Max(resourceCount, 1), resourceCount)
    {
        (_slopes, _offsets) = (slopes, offsets);
        if (resourceCount < 1 || slopes.Length % resourceCount != 0 || offsets.Length != slopes.Length
            || slopes.Length == 0)
        {
            throw OrleansEdgeException.WrongData(
                $"{slopes.Length} slopes and {offsets.Length} offsets for {resourceCount} resources; expected players x resources");
        }
        Validate();
    }

    /// <summary>[resources] of one player.</summary>
    public ReadOnlySpan<float> Slopes(int player) => _slopes.AsSpan(player * ResourceCount, ResourceCount);

    /// <summary>[resources] of one player.</summary>
    public ReadOnlySpan<float> Offsets(int player) => _offsets.AsSpan(player * ResourceCount, ResourceCount);

    public override double At(int player, int resource, int load)
    {
        var i = (player * ResourceCount) + resource;
        return Math.FusedMultiplyAdd(_slopes[i], load, _offsets[i]);
    }

    public override Dyadic ExactAt(int player, int resource, int load)
    {
        var i = (player * ResourceCount) + resource;
        return ((Dyadic)(double)_slopes[i] * load) + (double)_offsets[i];
    }

    public override bool IsExactAt(int player, int resource, int load)
    {
        var i = (player * ResourceCount) + resource;
        return ErrorFree.IsExact(_slopes[i], load, _offsets[i]);
    }

    public override void Validate()
    {
        for (var i = 0; i < _slopes.Length; i++)
        {
            if (!(_slopes[i] >= 0) || !float.IsFinite(_slopes[i]) || !float.IsFinite(_offsets[i]))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"player {i / ResourceCount}, resource {i % ResourceCount}: slope {_slopes[i]}, offset {_offsets[i]}") +
                    "; expected a finite slope of at least 0 and a finite offset");
            }
        }
    }
}
