namespace OrleansEdge.Core.Models;

/// <summary>The rectified linear unit.</summary>
internal static class Rectifier
{
    /// <summary>max(x, 0), in place; not-a-number stays.</summary>
    public static void Apply(Span<float> values)
    {
        foreach (ref var value in values)
        {
            value = value < 0 ? 0 : value;
        }
    }

    /// <summary>Clears the gradient where the unit is off; its derivative at 0 is 0.</summary>
    public static void Mask(ReadOnlySpan<float> activations, Span<float> gradient)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = activations[i] > 0 ? gradient[i] : 0;
        }
    }
}
