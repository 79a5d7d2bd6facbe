using System.Globalization;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Training;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Client.Training;

/// <summary>Runs training jobs in a virtual-time cluster in this process.</summary>
internal sealed class VirtualTimeHost(DataCatalog catalog) : ITrainingHost
{
    private readonly WorkerData _data = new(catalog);

    public Task<TrainingOutcome> Run(
        TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop) => Task.Run(() =>
        {
            var before = request.From?.Seconds ?? 0;
            var result = new SimulatedTraining(_data, request.Cores).Run(
                request.Job,
                new EdgeFleet
                {
                    CrashProbability = request.CrashProbability,
                    MeasureOnNetwork = request.MeasureOnNetwork,
                },
                request.From,
                (status, now) => progress(new TrainingProgress(status, before + now.TotalSeconds)),
                stop);
            return new TrainingOutcome(
                result.Status,
                result.Checkpoint,
                result.TraceHash.ToString("x16", CultureInfo.InvariantCulture),
                result.Checkpoint.Seconds,
                result.CrashedWorkers,
                result.Parameters,
                result.ParametersAt);
        });
}
