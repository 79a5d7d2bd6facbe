namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>The update rules that a shard knows by name.</summary>
public static class UpdateRule
{
    /// <summary>Plain stochastic gradient descent: w - alpha g.</summary>
    public const string Sgd = "sgd";

    /// <summary>The rate divided by the staleness of the update.</summary>
    public const string Asgd = "asgd";

    /// <summary>The rate divided by the staleness of each parameter.</summary>
    public const string AdaComp = "adacomp";

    /// <summary>A rate per parameter that falls with the gradients it has seen.</summary>
    public const string Adagrad = "adagrad";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Sgd, Asgd, AdaComp, Adagrad];

    /// <summary>The rule that the options ask for, for a shard of their range.</summary>
    /// <param name="options">The shard's options.</param>
    /// <param name="clock">The clock at which the shard begins.</param>
    /// <exception cref="OrleansEdgeException">The name is unknown (64).</exception>
    public static IUpdateRule Create(ParameterShardOptions options, long clock = 0) => options.Rule switch
    {
        Sgd => new GradientDescentRule(Sgd, options.LearningRate, dividesByStaleness: false),
        Asgd => new GradientDescentRule(
            Asgd, options.LearningRate.Resumed(clock, options.Workers, density: 1), dividesByStaleness: true),
        AdaComp => new AdaCompRule(
            options.Range.Length,
            options.LearningRate.Resumed(clock, options.Workers, options.ExpectedDensity), clock),
        Adagrad => new AdagradRule(options.Range.Length, options.LearningRate),
        _ => throw OrleansEdgeException.Usage(
            $"update rule '{options.Rule}' is unknown; expected one of {string.Join(", ", Names)}"),
    };
}
