namespace OrleansEdge.Core.Games.Analysis;

/// <summary>
/// What the price of anarchy, the cost of the worst equilibrium over that of the optimum, is at most in whole classes
/// of games; each bound is met by some game of its class (games.md 3.3).
/// </summary>
public static class PriceOfAnarchyBounds
{
    /// <summary>
    /// Price of stability of atomic games with affine costs: 1 + 1/sqrt(3) (Caragiannis, Flammini, Kaklamanis,
    /// Kanellopoulos and Moscardelli 2006; Christodoulou and Koutsoupias 2005).
    /// </summary>
    public static double AtomicAffinePriceOfStability { get; } = 1 + (1 / Math.Sqrt(3));

    /// <summary>
    /// Nonatomic games with polynomial costs of degree d and coefficients of at least 0: 1 / (1 - d (d + 1)^(-(d + 1) /
    /// d)) (Roughgarden 2003); 4/3 for affine costs (the slides' Theorem 9).
    /// </summary>
    public static double NonatomicPolynomial(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        return 1 / (1 - (degree * Math.Pow(degree + 1, -(degree + 1.0) / degree)));
    }

    /// <summary>
    /// Atomic unweighted games with polynomial costs of degree d and coefficients of at least 0 (Aland, Dumrauf,
    /// Gairing, Monien and Schoppmann 2006); 5/2 for affine costs.
    /// </summary>
    public static double AtomicPolynomial(int degree)
    {
        var k = Math.Floor(GrowthRoot(degree));
        var numerator = Math.Pow(k + 1, (2 * degree) + 1) - (Math.Pow(k, degree + 1) * Math.Pow(k + 2, degree));
        var denominator =
            Math.Pow(k + 1, degree + 1) - Math.Pow(k + 2, degree) + Math.Pow(k + 1, degree) - Math.Pow(k, degree + 1);
        return numerator / denominator;
    }

    /// <summary>
    /// Atomic weighted games with polynomial costs of degree d: Phi^(d + 1); 1 + Phi for affine costs (the same).
    /// </summary>
    public static double WeightedPolynomial(int degree) => Math.Pow(GrowthRoot(degree), degree + 1);

    /// <summary>Phi_d: the positive root of (x + 1)^d = x^(d + 1).</summary>
    public static double GrowthRoot(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        var (low, high) = (1.0, degree + 1.0);
        while (true)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }
            (low, high) = degree * Math.Log(middle + 1) > (degree + 1) * Math.Log(middle)
                ? (middle, high)
                : (low, middle);
        }
    }

    /// <summary>
    /// lambda / (1 - mu): the bound for games in which, for all profiles a and the optimum a*, the costs of deviating
    /// one by one from a to a* add up to at most lambda C(a*) + mu C(a). It holds for coarse correlated equilibria too
    /// (Roughgarden 2009).
    /// </summary>
    public static double Smooth(double lambda, double mu)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mu, 1);
        return lambda / (1 - mu);
    }
}
