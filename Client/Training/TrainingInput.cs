using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>
/// The model and the examples of a job, opened before it starts so that what is wrong with them shows at once.
/// </summary>
/// <param name="Data">Null when the examples are not on this machine but with the workers of a cluster.</param>
internal sealed record TrainingInput(IModel Model, TrainTestPair? Data)
{
    /// <exception cref="OrleansEdgeException">
    /// Model or data are unknown, missing or wrong (64 to 66), or do not fit (64).
    /// </exception>
    public static TrainingInput Open(TrainingJob job, DataCatalog catalog)
    {
        var model = ModelCatalog.Create(job.Model);
        var data = catalog.Open(job.Data, job.TrainExamples);
        if (job.Workers > data.Train.Count)
        {
            throw OrleansEdgeException.Usage(
                $"--workers is {job.Workers}; expected at most {data.Train.Count}, the training examples of {job.Data}");
        }
        if (job.Shards > model.ParameterCount)
        {
            throw OrleansEdgeException.Usage(
                $"--shards is {job.Shards}; expected at most {model.ParameterCount}, the parameters of {job.Model}");
        }
        if (data.Train.FeatureCount != model.InputLength || data.Train.ClassCount > model.ClassCount)
        {
            throw OrleansEdgeException.Usage(
                $"--data is {job.Data} with {data.Train.FeatureCount} features and {data.Train.ClassCount} classes; expected"
                + $" {model.InputLength} and at most {model.ClassCount}, as {job.Model} takes");
        }
        return new TrainingInput(model, data);
    }
}
