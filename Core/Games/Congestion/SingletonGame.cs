namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// A congestion game in which every player picks one resource out of those allowed to it. Made for millions of players:
/// 4 bytes per player and 4 per allowed resource, and a response looks at nothing but the allowed resources' two
/// current costs.
/// </summary>
public sealed class SingletonGame : IPotentialGame, IResourceGame, IStepBoundGame
{
    private readonly LoadCost[] _costs;
    private readonly int[]? _offsets;
    private readonly int[] _allowed;
    private readonly int[] _played;
    private readonly int[] _loads;
    private readonly double[] _costNow;
    private readonly double[] _costJoin;

    /// <summary>A game with restricted sets.</summary>
    /// <param name="costs">[resources] the cost of each.</param>
    /// <param name="offsets">
    /// [players + 1] where a player's allowed resources start in <paramref name="allowed"/>.
    /// </param>
    /// <param name="allowed">Resource numbers; those of one player are all different.</param>
    /// <param name="start">The strategy of each player, an index into its allowed resources; all 0 if absent.</param>
    /// <exception cref="OrleansEdgeException">
    /// A set is empty or names an unknown resource, or a cost is not finite (65).
    /// </exception>
    public SingletonGame(LoadCost[] costs, int[] offsets, int[] allowed, int[]? start = null)
        : this(costs, offsets, allowed, offsets.Length - 1, start)
    {
    }

    private SingletonGame(LoadCost[] costs, int[]? offsets, int[] allowed, int playerCount, int[]? start)
    {
        (_costs, _offsets, _allowed) = (costs, offsets, allowed);
        _played = new int[playerCount];
        _loads = new int[costs.Length];
        _costNow = new double[costs.Length];
        _costJoin = new double[costs.Length];
        ValidateSets();
        LoadCostSurvey.Of(costs, [.. Enumerable.Repeat(playerCount, costs.Length)]);
        for (var player = 0; player < playerCount; player++)
        {
            _played[player] = Allowed(player)[start is null ? 0 : start[player]];
            _loads[_played[player]]++;
        }
        for (var resource = 0; resource < costs.Length; resource++)
        {
            Refresh(resource);
        }
    }

    /// <summary>
    /// A symmetric game: every resource is allowed to every player, and strategies are resource numbers.
    /// </summary>
    public static SingletonGame Symmetric(LoadCost[] costs, int playerCount, int[]? start = null) =>
        new(costs, null, [.. Enumerable.Range(0, costs.Length)], playerCount, start);

    public int PlayerCount => _played.Length;

    public int ResourceCount => _costs.Length;

    /// <summary>[resources] players on each now.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>[players] the resource that each is on.</summary>
    public ReadOnlySpan<int> Assignment => _played;

    public IReadOnlyList<LoadCost> Costs => _costs;

    /// <summary>Rosenthal's potential.</summary>
    public double Potential
    {
        get
        {
            var sum = 0.0;
            for (var resource = 0; resource < _costs.Length; resource++)
            {
                sum += _costs[resource].SumTo(_loads[resource]);
            }
            return sum;
        }
    }

    /// <summary>The sum of all players' costs.</summary>
    public double SocialCost
    {
        get
        {
            var sum = 0.0;
            for (var resource = 0; resource < _costs.Length; resource++)
            {
                sum += _loads[resource] == 0 ? 0 : _loads[resource] * _costNow[resource];
            }
            return sum;
        }
    }

    /// <summary>The resources allowed to a player.</summary>
    public ReadOnlySpan<int> Allowed(int player) => _offsets is null
        ? _allowed
        : _allowed.AsSpan(_offsets[player], _offsets[player + 1] - _offsets[player]);

    public int StrategyCount(int player) => Allowed(player).Length;

    public int Strategy(int player) => Allowed(player).IndexOf(_played[player]);

    public ReadOnlySpan<int> Resources(int player, int strategy) => Allowed(player).Slice(strategy, 1);

    public double Cost(int player) => _costNow[_played[player]];

    public double DeviationCost(int player, int strategy)
    {
        var resource = Allowed(player)[strategy];
        return resource == _played[player] ? _costNow[resource] : _costJoin[resource];
    }

    public StrategyCost BestResponse(int player)
    {
        var resource = BestResource(player, out var cost);
        return new StrategyCost(Allowed(player).IndexOf(resource), cost);
    }

    public double CostError(int player, int strategy)
    {
        var (resource, cost) = (Allowed(player)[strategy], _costs[Allowed(player)[strategy]]);
        return cost.IsExactAt(_loads[resource] + (resource == _played[player] ? 0 : 1)) ? 0
            : (CostComparison.Ulp * Math.Abs(DeviationCost(player, strategy))) + double.Epsilon;
    }

    public Dyadic ExactCost(int player, int strategy) => Allowed(player)[strategy] is var resource
        ? _costs[resource].ExactAt(_loads[resource] + (resource == _played[player] ? 0 : 1)) : default;

    public Regret RegretOf(int player) => RegretOf(player, BestResource(player, out _));

    public void Move(int player, int strategy) => MoveTo(player, Allowed(player)[strategy]);

    /// <summary>
    /// n^2 r moves at most, whatever the costs (Ieong et al. 2005): the costs' ranks are a potential too.
    /// </summary>
    public StepBound? StepBound(double epsilon) =>
        new StepBound((double)PlayerCount * PlayerCount * ResourceCount, "n^2 r, singleton games");

    /// <summary>
    /// The same but for resources whose costs are one double: which of them is cheaper is left open. The tight loop of
    /// the sweeps.
    /// </summary>
    internal int BestResourceByDoubles(int player)
    {
        var current = _played[player];
        var (best, cost) = (current, _costNow[current]);
        foreach (var resource in Allowed(player))
        {
            if (_costJoin[resource] < cost && resource != current)
            {
                (best, cost) = (resource, _costJoin[resource]);
            }
        }
        return best;
    }

    /// <summary>The cheapest allowed resource against the others: the current one unless another is cheaper.</summary>
    internal int BestResource(int player, out double cost)
    {
        var current = _played[player];
        var best = current;
        cost = _costNow[current];
        foreach (var resource in Allowed(player))
        {
            var join = _costJoin[resource];
            if (join <= cost && resource != current && (join < cost || IsBelow(resource, best, current)))
            {
                (best, cost) = (resource, join);
            }
        }
        return best;
    }

    /// <summary>What the player could save.</summary>
    internal Regret RegretOf(int player, int best)
    {
        var current = _played[player];
        if (best == current)
        {
            return default;
        }
        var (from, to) = (_costs[current], _costs[best]);
        var (load, joined) = (_loads[current], _loads[best] + 1);
        return from.IsExactAt(load) && to.IsExactAt(joined)
            ? Regret.Between(_costNow[current], 0, _costJoin[best], 0)
            : Regret.Of(from.ExactAt(load) - to.ExactAt(joined));
    }

    internal void MoveTo(int player, int resource)
    {
        var from = _played[player];
        _loads[from]--;
        _loads[resource]++;
        _played[player] = resource;
        Refresh(from);
        Refresh(resource);
    }

    /// <summary>
    /// Whether joining a resource is cheaper than the best so far where both cost the same double, without rounding.
    /// </summary>
    private bool IsBelow(int resource, int best, int current) => LoadCost.Compare(
        _costs[resource], _loads[resource] + 1, _costs[best], _loads[best] + (best == current ? 0 : 1)) < 0;

    private void Refresh(int resource)
    {
        _costNow[resource] = _costs[resource].At(_loads[resource]);
        _costJoin[resource] = _costs[resource].At(_loads[resource] + 1);
    }

    private void ValidateSets()
    {
        if (_played.Length == 0 || _costs.Length == 0)
        {
            throw OrleansEdgeException.WrongData(
                $"{_played.Length} players on {_costs.Length} resources; expected at least 1 of each");
        }
        for (var player = 0; player < (_offsets is null ? 1 : _played.Length); player++)
        {
            var allowed = Allowed(player);
            if (allowed.IsEmpty)
            {
                throw OrleansEdgeException.WrongData($"player {player}: no allowed resource; expected at least 1");
            }
            foreach (var resource in allowed)
            {
                if ((uint)resource >= (uint)_costs.Length)
                {
                    throw OrleansEdgeException.WrongData(
                        $"player {player}: resource {resource}; expected 0 to {_costs.Length - 1}");
                }
            }
        }
    }
}
