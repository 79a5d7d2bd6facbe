namespace OrleansEdge.Client.Training;

/// <summary>Runs training jobs in the virtual-time cluster.</summary>
internal sealed class SimulatedTraining : ITrainingHost
{
    public Task<TrainingOutcome> Run(
        TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop) =>
        throw new NotImplementedException();
}
