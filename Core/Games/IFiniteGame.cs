namespace OrleansEdge.Core.Games;

/// <summary>
/// A finite game in cost form together with its current profile: every player has picked one of its strategies, wants
/// its own cost low, and moves by picking another. Players and strategies are numbered from 0.
/// </summary>
/// <remarks>
/// Cost, deviation cost and best response read the current profile and change nothing; only <see cref="Move"/> does.
/// </remarks>
public interface IFiniteGame
{
    int PlayerCount { get; }

    /// <summary>How many strategies a player has, at least 1.</summary>
    int StrategyCount(int player);

    /// <summary>The strategy that a player plays now.</summary>
    int Strategy(int player);

    /// <summary>A player's cost now.</summary>
    double Cost(int player);

    /// <summary>
    /// A player's cost if it alone changed to <paramref name="strategy"/>; its cost now if that is what it plays.
    /// </summary>
    double DeviationCost(int player, int strategy);

    /// <summary>Lets one player change its strategy.</summary>
    void Move(int player, int strategy);

    /// <summary>
    /// A bound on how far <see cref="DeviationCost"/>, or <see cref="Cost"/> for the strategy played, is off by
    /// rounding; 0 where the double is the cost itself.
    /// </summary>
    double CostError(int player, int strategy) => 0;

    /// <summary>
    /// Every comparison of a player's costs can be decided: where rounding leaves it open, by <see cref="ExactCost"/>.
    /// </summary>
    bool HasExactCosts => true;

    /// <summary>The cost of a strategy without rounding; only where <see cref="HasExactCosts"/>.</summary>
    Dyadic ExactCost(int player, int strategy) =>
        strategy == Strategy(player) ? Cost(player) : DeviationCost(player, strategy);

    /// <summary>What a player could save by moving alone, between bounds that hold.</summary>
    Regret RegretOf(int player) => CostComparison.RegretOf(this, player);

    /// <summary>
    /// Strategies are numbered as <see cref="BestResponse"/> finds them, because there are too many to list: it can
    /// return one that was not counted before.
    /// </summary>
    bool HasUnlistedStrategies => false;

    /// <summary>
    /// The cheapest strategy against the others, the current one unless another is cheaper for certain, the lowest
    /// number among equals. Games that know a faster way than trying all strategies replace it.
    /// </summary>
    StrategyCost BestResponse(int player)
    {
        var best = new StrategyCost(Strategy(player), Cost(player));
        var count = StrategyCount(player);
        for (var strategy = 0; strategy < count; strategy++)
        {
            var candidate = new StrategyCost(strategy, DeviationCost(player, strategy));
            if (strategy != best.Strategy && CostComparison.IsCheaper(this, player, candidate, best))
            {
                best = candidate;
            }
        }
        return best;
    }
}

/// <summary>A strategy and what it costs the player who plays it.</summary>
public readonly record struct StrategyCost(int Strategy, double Cost);

/// <summary>What relates a move's change of the potential to the change of the mover's cost.</summary>
public enum PotentialKind
{
    /// <summary>They are equal.</summary>
    Exact,

    /// <summary>They are equal up to a positive factor of the player.</summary>
    Weighted,

    /// <summary>They have the same sign.</summary>
    Ordinal,

    /// <summary>The potential falls whenever the mover's cost falls; nothing is said of other moves.</summary>
    GeneralizedOrdinal,
}

/// <summary>
/// A finite game with a function of the profile that falls with every move that lowers the mover's cost.
/// </summary>
public interface IPotentialGame : IFiniteGame
{
    /// <summary>The potential of the current profile.</summary>
    double Potential { get; }

    PotentialKind PotentialKind => PotentialKind.Exact;
}

/// <summary>
/// A finite game in which players meet on resources: a player's cost depends on the loads of the resources of its
/// strategy alone, so that moves over disjoint sets of resources do not disturb each other.
/// </summary>
public interface IResourceGame : IFiniteGame
{
    int ResourceCount { get; }

    /// <summary>The resources of one strategy of one player, each once.</summary>
    ReadOnlySpan<int> Resources(int player, int strategy);
}

/// <summary>A finite game that bounds the moves of its improvement paths.</summary>
public interface IStepBoundGame : IFiniteGame
{
    /// <summary>
    /// The most moves that any sequence of moves can have, from the current profile on, if each lowers the mover's cost
    /// by more than
    /// <paramref name="epsilon"/>; null where nothing is known.
    /// </summary>
    StepBound? StepBound(double epsilon);
}

/// <summary>An upper bound on the number of moves, with its origin.</summary>
/// <param name="Steps">The bound; a real number because it easily passes 2^63.</param>
/// <param name="Origin">The theorem or argument behind it.</param>
public sealed record StepBound(double Steps, string Origin);
