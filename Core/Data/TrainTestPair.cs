namespace OrleansEdge.Core.Data;

/// <summary>A data set opened for training.</summary>
/// <param name="Train">What workers learn from.</param>
/// <param name="Test">What accuracy is measured on; same features and classes.</param>
public sealed record TrainTestPair(ExampleSet Train, ExampleSet Test);
