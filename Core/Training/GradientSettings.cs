using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Training;

/// <summary>What a worker does in one step.</summary>
public sealed record GradientSettings
{
    /// <summary>A name of the model catalogue.</summary>
    public required string Model { get; init; }

    /// <summary>Examples in one gradient.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Shards that the parameter vector is split over.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Share of each block's entries that is pushed, above 0; 1 pushes dense updates.</summary>
    public double Density { get; init; } = 1;

    /// <summary>Sparse updates carry 16-bit values.</summary>
    public bool HalfPrecisionValues { get; init; }

    /// <summary>
    /// Rate of the steps on the worker's own parameters between two fetches (Downpour), by the clock of the last fetch.
    /// </summary>
    public LearningRate LocalLearningRate { get; init; }

    /// <summary>The worker steps on from its own parameters between two fetches (Downpour, n_fetch above 1).</summary>
    public bool KeepsParameters { get; init; }

    /// <summary>Gradients are summed between two pushes (Downpour, n_push above 1).</summary>
    public bool AccumulatesGradients { get; init; }

    /// <summary>Whether updates are sparse.</summary>
    public bool IsSparse => Density < 1;
}
