namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// Costs of links as functions of their flow: t(x) = fixed + coefficient (x / capacity)^power, the BPR function with
/// tolls and distance in the fixed part (games.md 3.2). Convex for powers of at least 1 and increasing for all above 0.
/// </summary>
public sealed class LinkCosts
{
    private readonly double[] _fixed;
    private readonly double[] _coefficients;
    private readonly double[] _inverseCapacities;
    private readonly double[] _powers;

    /// <param name="fixedCosts">[links] cost of an empty link, at least 0.</param>
    /// <param name="coefficients">[links] what a flow at capacity adds, at least 0.</param>
    /// <param name="capacities">[links] above 0 where the coefficient is.</param>
    /// <param name="powers">[links] at least 0.</param>
    public LinkCosts(double[] fixedCosts, double[] coefficients, double[] capacities, double[] powers)
    {
        (_fixed, _coefficients, _powers) = (fixedCosts, coefficients, powers);
        _inverseCapacities = Array.ConvertAll(capacities, capacity => capacity > 0 ? 1 / capacity : 0);
    }

    public int LinkCount => _fixed.Length;

    /// <summary>
    /// A bound on the relative rounding error of <see cref="At"/> in units of 2^-53: two roundings of the ratio, which
    /// the power multiplies, and those of the power, the coefficient and the sum.
    /// </summary>
    internal double Roundings()
    {
        var power = 0.0;
        for (var link = 0; link < _powers.Length; link++)
        {
            power = _coefficients[link] == 0 ? power : Math.Max(power, _powers[link]);
        }
        return (2 * power) + 10;
    }

    /// <summary>t(x)</summary>
    public double At(int link, double flow) => _fixed[link] + (_coefficients[link] * Ratio(link, flow));

    /// <summary>t'(x); infinite at 0 for powers below 1.</summary>
    public double Derivative(int link, double flow)
    {
        var (coefficient, power) = (_coefficients[link], _powers[link]);
        if (coefficient == 0 || power == 0)
        {
            return 0;
        }
        if (flow > 0)
        {
            return coefficient * power * Ratio(link, flow) / flow;
        }
        return power > 1 ? 0 : power < 1 ? double.PositiveInfinity : coefficient * _inverseCapacities[link];
    }

    /// <summary>The integral of t from 0 to x: the link's share of Beckmann's objective.</summary>
    public double Integral(int link, double flow) =>
        flow * (_fixed[link] + (_coefficients[link] * Ratio(link, flow) / (_powers[link] + 1)));

    /// <summary>x t(x)</summary>
    public double Total(int link, double flow) => flow * At(link, flow);

    /// <summary>x t'(x): Pigou's toll, what one more unit of flow costs all others on the link.</summary>
    public double Externality(int link, double flow) => _coefficients[link] * _powers[link] * Ratio(link, flow);

    /// <summary>
    /// The costs t + x t', whose equilibrium is the system optimum of these: (x / c)^p becomes (p + 1) (x / c)^p.
    /// </summary>
    public LinkCosts Marginal()
    {
        var coefficients = new double[_coefficients.Length];
        for (var link = 0; link < coefficients.Length; link++)
        {
            coefficients[link] = _coefficients[link] * (_powers[link] + 1);
        }
        return new LinkCosts(_fixed, coefficients, _powers, _inverseCapacities, 0);
    }

    /// <summary>These costs with a toll per link, in units of cost.</summary>
    public LinkCosts WithTolls(ReadOnlySpan<double> tolls)
    {
        var fixedCosts = new double[_fixed.Length];
        for (var link = 0; link < fixedCosts.Length; link++)
        {
            fixedCosts[link] = _fixed[link] + tolls[link];
        }
        return new LinkCosts(fixedCosts, _coefficients, _powers, _inverseCapacities, 0);
    }

    private LinkCosts(double[] fixedCosts, double[] coefficients, double[] powers, double[] inverseCapacities, int _)
    {
        (_fixed, _coefficients, _powers, _inverseCapacities) = (fixedCosts, coefficients, powers, inverseCapacities);
    }

    /// <summary>(x / c)^p; the powers that road networks use without a call.</summary>
    private double Ratio(int link, double flow)
    {
        var ratio = flow * _inverseCapacities[link];
        var power = _powers[link];
        if (power == 4)
        {
            var square = ratio * ratio;
            return square * square;
        }
        return power == 1 ? ratio : power == 2 ? ratio * ratio : Math.Pow(ratio, power);
    }
}
