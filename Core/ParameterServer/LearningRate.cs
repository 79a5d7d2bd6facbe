using System.Globalization;

namespace OrleansEdge.Core.ParameterServer;

/// <summary>
/// A learning rate that falls in a straight line, from <paramref name="Initial"/> at clock 0 to
/// <paramref name="Final"/> at clock <paramref name="FinalAt"/>, and stays there; or, from a number alone, one that
/// never changes.
/// </summary>
/// <remarks>
/// It depends on nothing but the clock and on where the shard was resumed, so a replica and a shard have the same rate.
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

    private long ResumedAt { get; init; }

    /// <summary>Workers that begin again at <see cref="ResumedAt"/>; 0 in a shard that was not resumed.</summary>
    private int Wave { get; init; }

    private double Density { get; init; }

    /// <summary>
    /// The rate in a shard that begins again at a clock, for a rule that divides it by the staleness. All workers then
    /// pull at once, and the first update of each is computed from one model; by the clock alone the first of them are
    /// hardly stale, and their sum is a step of several rates. They count as stale as they were had the workers gone on.
    /// </summary>
    /// <param name="density">The share of the parameters that an update touches, in (0, 1].</param>
    public LearningRate Resumed(long clock, int workers, double density) =>
        clock == 0 ? this : this with { ResumedAt = clock, Wave = workers, Density = density };

    /// <summary>The rate of the update that finds the clock at <paramref name="clock"/>.</summary>
    public float At(long clock)
    {
        var rate = Initial == Final || clock >= FinalAt
            ? Final
            : (float)(Initial - (((double)Initial - Final) * ((double)clock / FinalAt)));
        var since = clock - ResumedAt;
        return since >= Wave
            ? rate
            : (float)(rate * Math.Max(1, Density * since) / Math.Max(1, Density * (since + Wave)));
    }

    public override string ToString() => Initial.Equals(Final)
        ? Initial.ToString("R", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Initial:R} falling to {Final:R} at update {FinalAt}");
}
