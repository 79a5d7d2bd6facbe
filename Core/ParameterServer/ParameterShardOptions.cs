namespace OrleansEdge.Core.ParameterServer;

/// <summary>What decides how a shard behaves.</summary>
public sealed record ParameterShardOptions
{
    /// <summary>The parameters of the shard; at least one.</summary>
    public required KeyRange Range { get; init; }

    /// <summary>Workers are numbered 0 to <see cref="Workers"/> - 1; at least one.</summary>
    public required int Workers { get; init; }

    /// <summary>A name that <see cref="UpdateRules.UpdateRule.Names"/> lists.</summary>
    public required string Rule { get; init; }

    /// <summary>The rate alpha, or Adagrad's gamma, by the shard's clock; it begins above 0 and never rises.</summary>
    public required LearningRate LearningRate { get; init; }

    /// <summary>
    /// The share of the parameters that a usual sparse update speaks of, in (0, 1]. It sizes memory
    /// beforehand, and says how stale a parameter is with all workers at work.
    /// </summary>
    public double ExpectedDensity { get; init; } = 0.01;

    /// <exception cref="OrleansEdgeException">A property is outside its range (64).</exception>
    public void Validate()
    {
        Require(Range.Start >= 0 && Range.Length > 0, nameof(Range), Range, "0 <= start < end");
        Require(Workers > 0, nameof(Workers), Workers, "at least 1");
        Require(UpdateRules.UpdateRule.Names.Contains(Rule), nameof(Rule), Rule,
            $"one of {string.Join(", ", UpdateRules.UpdateRule.Names)}");
        Require(LearningRate.IsValid, nameof(LearningRate), LearningRate,
            "above 0 and finite, falling at most to 0, at update 1 or later");
        Require(ExpectedDensity is > 0 and <= 1, nameof(ExpectedDensity), ExpectedDensity, "above 0 and at most 1");
    }

    private static void Require(bool holds, string property, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant(
                $"{nameof(ParameterShardOptions)}.{property} is {value}; expected {expected}"));
        }
    }
}
