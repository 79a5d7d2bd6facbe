using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>An algorithm of <c>oe train</c> and what it takes where the user says nothing.</summary>
internal sealed record AlgorithmDefaults(string Name, string Description)
{
    public double Compression { get; init; } = 1;

    /// <summary>
    /// The AdaComp paper does not state its rate. At 0.02 our ASGD follows its curve (97.8 % after 250,000 updates).
    /// </summary>
    public double Rate { get; init; } = PaperRate;

    /// <summary>The rate at which the AdaComp paper's figures are repeated.</summary>
    public const double PaperRate = 0.02;

    /// <summary>The algorithm is dense by definition.</summary>
    public bool IsDense { get; init; }

    /// <summary>The algorithm has Downpour's intervals and warm start.</summary>
    public bool HasIntervals { get; init; }

    /// <summary>The algorithms, in the order of the help.</summary>
    public static IReadOnlyList<AlgorithmDefaults> All { get; } =
    [
        new(TrainingAlgorithms.AdaComp, "Compressed updates, each parameter's rate by its own staleness (AdaComp).")
        {
            Compression = 0.01,
        },
        new(TrainingAlgorithms.Asgd, "Asynchronous SGD, the rate divided by the update's staleness.") { IsDense = true },
        new(TrainingAlgorithms.CompAsgd, "Asynchronous SGD that pushes only the largest entries.") { Compression = 0.01 },
        new(TrainingAlgorithms.Downpour, "Asynchronous SGD with Adagrad on the shards (DistBelief).")
        {
            Rate = 0.001,
            HasIntervals = true,
        },
    ];
}
