using System.Runtime.InteropServices;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Puts the shards' slices of one clock together and measures the model on the test examples.</summary>
public sealed class Evaluator(
    GrainKey key, IGrains grains, ITurns turns, IComputePool compute, WorkerData data, ModelPool models) : IEvaluator
{
    private readonly SortedDictionary<long, EvaluationSlice?[]> _incomplete = [];
    private readonly Queue<EvaluationSlice[]> _ready = new();
    private TrainingJob? _job;
    private long _lastQueued = -1;
    private bool _busy;

    public Task Start(TrainingJob job)
    {
        _ = data.Open(job.Data, job.TrainExamples); // missing or wrong data ends the job before it begins
        (_job, _lastQueued) = (job, -1);
        _incomplete.Clear();
        return Task.CompletedTask;
    }

    public async Task Offer(EvaluationSlice slice)
    {
        // After a restart the coordinator tells the job.
        var job = _job ??= await grains.Get<ITrainingCoordinator>(GrainKeys.JobOf(key.Value)).Job()
            ?? throw new InvalidOperationException("the evaluator's job is unknown");
        var clock = slice.Final ? long.MaxValue : slice.Clock;
        if (clock <= _lastQueued)
        {
            return; // sent twice, or overtaken
        }
        if (!_incomplete.TryGetValue(clock, out var slices))
        {
            _incomplete[clock] = slices = new EvaluationSlice?[job.Shards];
        }
        slices[slice.Shard] = slice;
        if (!slices.Contains(null))
        {
            _lastQueued = clock;
            foreach (var overtaken in _incomplete.Keys.TakeWhile(key => key <= clock).ToArray())
            {
                _incomplete.Remove(overtaken);
            }
            _ready.Enqueue(slices!);
            if (_ready.Count == 1 && !_busy)
            {
                turns.After(TimeSpan.Zero, () =>
                {
                    _ = EvaluateAll(job); // outside the turn, so that slices keep coming in
                    return Task.CompletedTask;
                });
            }
        }
    }

    private async Task EvaluateAll(TrainingJob job)
    {
        if (_busy)
        {
            return;
        }
        _busy = true;
        while (_ready.TryDequeue(out var slices))
        {
            await EvaluateOne(job, slices);
        }
        _busy = false;
    }

    private async Task EvaluateOne(TrainingJob job, EvaluationSlice[] slices)
    {
        var operations = models.Use(job.Model, model => model.FloatingPointOperationsPerExample) / 3; // forward only
        var test = data.Open(job.Data, job.TrainExamples).Test;
        var (accuracy, loss) = await compute.Run(() => Measure(job.Model, slices, test), operations * test.Count);
        var point = new EvaluationPoint(
            slices.Min(slice => slice.Clock), accuracy, loss, slices.Sum(slice => slice.IngressBytes),
            slices.Sum(slice => slice.EgressBytes), Seconds: 0, slices[0].Final);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grains.Get<ITrainingCoordinator>(job.Name).Evaluated(point);
                return;
            }
            catch (Exception) when (attempt < Backoff.MaximumAttempts)
            {
                // The coordinator may be moving; a repeated point is the same point.
            }
        }
    }

    private (double Accuracy, double Loss) Measure(string modelName, EvaluationSlice[] slices, ExampleSet test) =>
        models.Use(modelName, model =>
        {
            var parameters = new float[model.ParameterCount];
            var filled = 0;
            foreach (var slice in slices)
            {
                var values = MemoryMarshal.Cast<byte, float>(slice.Values.Bytes.Span);
                values.CopyTo(parameters.AsSpan(filled));
                filled += values.Length;
            }
            return ModelEvaluation.Measure(model, parameters, test);
        });
}
