namespace OrleansEdge.Core.Games;

/// <summary>Whether arithmetic in doubles rounds.</summary>
internal static class ErrorFree
{
    /// <summary>2^53: integers up to this are doubles.</summary>
    public const double MostInteger = 1L << 53;

    /// <summary>Products below this may lose digits to underflow that no check sees.</summary>
    private const double LeastProduct = 1e-290;

    /// <summary>Whether a b + c is formed without rounding; false where that is not known.</summary>
    public static bool IsExact(double a, double b, double c)
    {
        var product = a * b;
        if (product == 0)
        {
            return a == 0 || b == 0;
        }
        if (!(Math.Abs(product) >= LeastProduct) || Math.FusedMultiplyAdd(a, b, -product) != 0)
        {
            return false;
        }
        var sum = product + c;
        var part = sum - product;
        return product - (sum - part) + (c - part) == 0; // Knuth's two-sum: what the sum has lost
    }
}
