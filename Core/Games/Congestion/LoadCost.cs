using System.Numerics;

namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// The cost of one resource to each player on it, as a function of how many players are on it. Any function will do for
/// the potential; the fast solvers ask for non-decreasing ones and say so.
/// </summary>
public abstract class LoadCost
{
    /// <summary>
    /// Cost per player at a load of <paramref name="load"/> players, 0 or more: the exact cost rounded to the nearest
    /// double, so that rounding turns no comparison of two costs round.
    /// </summary>
    public abstract double At(int load);

    /// <summary>The cost without rounding; a function or table is what its doubles say.</summary>
    public virtual Dyadic ExactAt(int load) => At(load);

    /// <summary>Whether <see cref="At"/> is known to be the cost without rounding.</summary>
    public virtual bool IsExactAt(int load) => true;

    /// <summary>-1, 0 or 1 as one cost at a load is below, equal to or above another, without rounding.</summary>
    public static int Compare(LoadCost one, int oneLoad, LoadCost other, int otherLoad)
    {
        var (a, b) = (one.At(oneLoad), other.At(otherLoad));
        return a != b ? a.CompareTo(b)
            : (oneLoad == otherLoad && one.Equals(other)) || (one.IsExactAt(oneLoad) && other.IsExactAt(otherLoad)) ? 0
            : one.ExactAt(oneLoad).CompareTo(other.ExactAt(otherLoad));
    }

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

    /// <summary>x c(x) is known to be convex for x of at least 0: its marginal cost does not fall.</summary>
    public virtual bool IsConvex => false;

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
    /// <exception cref="OrleansEdgeException">A coefficient of a polynomial is not finite (65).</exception>
    public static LoadCost Polynomial(params double[] coefficients) => coefficients.Length switch
    {
        0 => new AffineLoadCost(0, 0),
        1 => new AffineLoadCost(0, coefficients[0]),
        2 => new AffineLoadCost(coefficients[1], coefficients[0]),
        _ => new PolynomialLoadCost(Array.ConvertAll(coefficients, value => (Dyadic)value)),
    };

    /// <summary>The same with coefficients of any length, such as integers above 2^53.</summary>
    public static LoadCost Polynomial(params Dyadic[] coefficients) =>
        Array.ConvertAll(coefficients, value => value.Nearest) is var rounded
        && Array.TrueForAll(rounded, double.IsFinite) && rounded.Zip(coefficients).All(pair => pair.First == pair.Second)
            ? Polynomial(rounded)
            : new PolynomialLoadCost(coefficients);

    /// <summary>The values at loads 1, 2, ...; larger loads cost as much as the last.</summary>
    public static LoadCost Table(params double[] values) => new TableLoadCost(values);

    /// <summary>Any function of the load.</summary>
    public static LoadCost From(Func<int, double> function) => new FunctionLoadCost(function);

    private sealed class AffineLoadCost(double slope, double constant) : LoadCost
    {
        private readonly bool _isInteger = slope == Math.Floor(slope) && constant == Math.Floor(constant)
            && (Math.Abs(slope) * int.MaxValue) + Math.Abs(constant) <= ErrorFree.MostInteger;

        public override double At(int load) => Math.FusedMultiplyAdd(slope, load, constant);

        public override Dyadic ExactAt(int load) => ((Dyadic)slope * load) + constant;

        public override bool IsExactAt(int load) => _isInteger || ErrorFree.IsExact(slope, load, constant);

        public override double SumTo(int load) => (slope * (0.5 * load * (load + 1.0))) + (constant * load);

        public override bool IsNonDecreasing(int maxLoad) => slope >= 0;

        public override bool IsConvex => slope >= 0;

        public override bool Equals(object? obj) => obj is AffineLoadCost other && other.Parts == Parts;

        public override int GetHashCode() => Parts.GetHashCode();

        /// <summary>The inverse, put right by one where it was rounded.</summary>
        public override int LargestLoadAtMost(double level, int maxLoad)
        {
            if (!(slope > 0))
            {
                return constant <= level ? maxLoad : 0;
            }
            var load = (int)Math.Clamp((level - constant) / slope, 0, maxLoad);
            return At(load) <= level && (load == maxLoad || At(load + 1) > level) ? load
                : Put(load, level, maxLoad);
        }

        private (double, double) Parts => (slope, constant);

        /// <summary>
        /// By ones near the estimate, else by bisection: where the constant drowns the slope, the inverse can be far
        /// off.
        /// </summary>
        private int Put(int load, double level, int maxLoad)
        {
            for (var step = 0; step < 4; step++)
            {
                load += At(load) > level ? -1 : 1;
                if (load <= 0 || load >= maxLoad)
                {
                    break;
                }
                if (At(load) <= level && At(load + 1) > level)
                {
                    return load;
                }
            }
            return base.LargestLoadAtMost(level, maxLoad);
        }
    }

    private sealed class PolynomialLoadCost(Dyadic[] coefficients) : LoadCost
    {
        private readonly double[] _rounded = Array.ConvertAll(coefficients, value => value.Nearest);
        private readonly bool _areDoubles = Array.TrueForAll(coefficients, value => value == value.Nearest);

        public override double At(int load) => TryHorner(load, out var value) ? value : ExactAt(load).Nearest;

        public override Dyadic ExactAt(int load)
        {
            Dyadic value = 0L;
            for (var k = coefficients.Length - 1; k >= 0; k--)
            {
                value = (value * load) + coefficients[k];
            }
            return value;
        }

        public override bool IsExactAt(int load) => TryHorner(load, out _);

        public override bool IsNonDecreasing(int maxLoad) =>
            Array.TrueForAll(coefficients[Math.Min(1, coefficients.Length)..], c => c.Sign >= 0)
                || base.IsNonDecreasing(maxLoad);

        public override bool IsConvex => Array.TrueForAll(coefficients[1..], c => c.Sign >= 0);

        /// <summary>Horner's rule in doubles; false where a step rounds.</summary>
        private bool TryHorner(int load, out double value)
        {
            value = 0.0;
            var isExact = _areDoubles;
            for (var k = _rounded.Length - 1; k >= 0 && isExact; k--)
            {
                isExact = ErrorFree.IsExact(value, load, _rounded[k]);
                value = Math.FusedMultiplyAdd(value, load, _rounded[k]);
            }
            return isExact;
        }
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
/// <param name="AreIntegers">All costs are integers, and no rounding made them so.</param>
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
                integers &= Math.Floor(cost) == cost && costs[resource].IsExactAt(load);
                nonNegative &= cost >= 0;
            }
        }
        return new LoadCostSurvey(largest, integers, nonNegative);
    }

    /// <summary>Sums of up to so many costs are formed in doubles without rounding.</summary>
    public bool AreSumsExact(int count) => AreIntegers && count * Largest <= ErrorFree.MostInteger;

    private static int Next(int load, int maxLoad, bool isExhaustive) =>
        isExhaustive ? load + 1
        : load == maxLoad ? maxLoad + 1
        : BitOperations.IsPow2(load) && load <= maxLoad / 2 ? load * 2
        : maxLoad;
}
