using System.Numerics;

namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// The cost of one resource to each player on it, as a function of how many players are on it. Any function will do for
/// the potential; the fast solvers ask for non-decreasing ones and say so.
/// </summary>
public abstract class LoadCost
{
    /// <summary>Cost per player at a load of <paramref name="load"/> players, 0 or more.</summary>
    public abstract double At(int load);

    /// <summary>
    /// The sum of the costs at loads 1 to <paramref name="load"/>: the resource's share of Rosenthal's potential.
    /// </summary>
    public virtual double SumTo(int load)
    {
        var sum = 0.0;
        for (var k = 1; k <= load; k++)
        {
            sum += At(k);
        }
        return sum;
    }

    /// <summary>No load up to <paramref name="maxLoad"/> costs less than a smaller one, from load 1 on.</summary>
    public virtual bool IsNonDecreasing(int maxLoad)
    {
        for (var k = 2; k <= maxLoad; k++)
        {
            if (!(At(k) >= At(k - 1)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// The largest load up to <paramref name="maxLoad"/> at which a non-decreasing cost is at most the level; 0 if
    /// none.
    /// </summary>
    public virtual int LargestLoadAtMost(double level, int maxLoad)
    {
        var (low, high) = (0, maxLoad + 1);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = At(middle) <= level ? (middle, high) : (low, middle);
        }
        return low;
    }

    /// <summary><paramref name="slope"/> x + <paramref name="constant"/>.</summary>
    public static LoadCost Affine(double slope, double constant = 0) => new AffineLoadCost(slope, constant);

    /// <summary>c0 + c1 x + c2 x^2 + ...</summary>
    public static LoadCost Polynomial(params double[] coefficients) => new PolynomialLoadCost(coefficients);

    /// <summary>The values at loads 1, 2, ...; larger loads cost as much as the last.</summary>
    public static LoadCost Table(params double[] values) => new TableLoadCost(values);

    /// <summary>Any function of the load.</summary>
    public static LoadCost From(Func<int, double> function) => new FunctionLoadCost(function);

    private sealed class AffineLoadCost(double slope, double constant) : LoadCost
    {
        public override double At(int load) => Math.FusedMultiplyAdd(slope, load, constant);

        public override double SumTo(int load) => (slope * (0.5 * load * (load + 1.0))) + (constant * load);

        public override bool IsNonDecreasing(int maxLoad) => slope >= 0;

        /// <summary>The inverse, put right by one where it was rounded.</summary>
        public override int LargestLoadAtMost(double level, int maxLoad)
        {
            if (!(slope > 0))
            {
                return constant <= level ? maxLoad : 0;
            }
            var load = (int)Math.Clamp((level - constant) / slope, 0, maxLoad);
            while (load < maxLoad && At(load + 1) <= level)
            {
                load++;
            }
            while (load > 0 && At(load) > level)
            {
                load--;
            }
            return load;
        }
    }

    private sealed class PolynomialLoadCost(double[] coefficients) : LoadCost
    {
        public override double At(int load)
        {
            var value = 0.0;
            for (var k = coefficients.Length - 1; k >= 0; k--)
            {
                value = Math.FusedMultiplyAdd(value, load, coefficients[k]);
            }
            return value;
        }

        public override bool IsNonDecreasing(int maxLoad) =>
            Array.TrueForAll(coefficients[Math.Min(1, coefficients.Length)..], c => c >= 0)
                || base.IsNonDecreasing(maxLoad);
    }

    private sealed class TableLoadCost(double[] values) : LoadCost
    {
        public override double At(int load) => values[Math.Clamp(load - 1, 0, values.Length - 1)];
    }

    private sealed class FunctionLoadCost(Func<int, double> function) : LoadCost
    {
        public override double At(int load) => function(load);
    }
}

/// <summary>What the costs of a game's resources look like over the loads that can occur.</summary>
/// <param name="Largest">The largest absolute cost.</param>
/// <param name="AreIntegers">All costs are integers.</param>
/// <param name="AreNonNegative">No cost is below 0.</param>
public sealed record LoadCostSurvey(double Largest, bool AreIntegers, bool AreNonNegative)
{
    private const int ExhaustiveLoads = 1 << 20;

    /// <summary>
    /// Evaluates costs at all loads from 1 to each resource's largest, or, above 2^20 loads, at powers of two and the
    /// largest.
    /// </summary>
    /// <exception cref="OrleansEdgeException">A cost is not a finite number (65).</exception>
    public static LoadCostSurvey Of(ReadOnlySpan<LoadCost> costs, ReadOnlySpan<int> maxLoads)
    {
        var isExhaustive = Enumerable.Sum(maxLoads.ToArray(), load => (long)load) <= ExhaustiveLoads;
        var (largest, integers, nonNegative) = (0.0, isExhaustive, true);
        for (var resource = 0; resource < costs.Length; resource++)
        {
            for (var load = 1; load <= maxLoads[resource]; load = Next(load, maxLoads[resource], isExhaustive))
            {
                var cost = costs[resource].At(load);
                if (!double.IsFinite(cost))
                {
                    throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                        $"resource {resource}: cost {cost} at load {load}; expected a finite number"));
                }
                largest = Math.Max(largest, Math.Abs(cost));
                integers &= Math.Floor(cost) == cost;
                nonNegative &= cost >= 0;
            }
        }
        return new LoadCostSurvey(largest, integers, nonNegative);
    }

    private static int Next(int load, int maxLoad, bool isExhaustive) =>
        isExhaustive ? load + 1
        : load == maxLoad ? maxLoad + 1
        : BitOperations.IsPow2(load) && load <= maxLoad / 2 ? load * 2
        : maxLoad;
}
