namespace OrleansEdge.Core.Games;

/// <summary>What a player could save by moving alone, between two bounds that hold.</summary>
/// <param name="Least">It saves at least this; 0 where no strategy is certainly cheaper.</param>
/// <param name="Most">No strategy saves it more than this; equal to the least but for rounding.</param>
public readonly record struct Regret(double Least, double Most)
{
    /// <summary>The difference of two costs that are off by at most the errors given, rounded outward.</summary>
    public static Regret Between(double cost, double costError, double best, double bestError)
    {
        var gain = cost - best;
        if (costError == 0 && bestError == 0 && gain + best == cost && cost - gain == best)
        {
            return new Regret(Math.Max(0, gain), Math.Max(0, gain));
        }
        var error = CostComparison.Margin(costError + bestError);
        return new Regret(
            Math.Max(0, Math.BitDecrement(gain - error)), Math.Max(0, Math.BitIncrement(gain + error)));
    }

    /// <summary>An exact regret.</summary>
    public static Regret Of(Dyadic gain) => new(Math.Max(0, gain.Floor), Math.Max(0, gain.Ceiling));
}
