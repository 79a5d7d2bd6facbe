using System.Globalization;

namespace OrleansEdge.Core.ParameterServer;

/// <summary>
/// A learning rate that falls in a straight line, from <paramref name="Initial"/> at clock 0 to
/// <paramref name="Final"/> at clock <paramref name="FinalAt"/>, and stays there; or, from a number alone, one that
/// never changes.
/// </summary>
/// <remarks>
/// It depends on nothing but the clock, so a replica, a restored shard and a worker have the same rate at a clock.
/// </remarks>
/// <param name="Initial">Above 0 and finite.</param>
/// <param name="Final">0 to <paramref name="Initial"/>.</param>
/// <param name="FinalAt">At least 1; of no meaning when the rate never changes.</param>
public readonly record struct LearningRate(float Initial, float Final, long FinalAt)
{
    /// <summary>A rate that never changes.</summary>
    public static implicit operator LearningRate(float rate) => new(rate, rate, 1);

    /// <summary>Whether the numbers are in their ranges.</summary>
    public bool IsValid => Initial > 0 && float.IsFinite(Initial) && Final >= 0 && Final <= Initial && FinalAt >= 1;

    /// <summary>The rate of the update that finds the clock at <paramref name="clock"/>.</summary>
    public float At(long clock) => Initial == Final || clock >= FinalAt
        ? Final
        : (float)(Initial - (((double)Initial - Final) * ((double)clock / FinalAt)));

    public override string ToString() => Initial.Equals(Final)
        ? Initial.ToString("R", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Initial:R} falling to {Final:R} at update {FinalAt}");
}
