using System.Runtime.InteropServices;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Training;

/// <summary>Puts the shards' slices of one clock together and measures the model on the test examples.</summary>
public sealed class Evaluator(
    GrainKey key, IGrains grains, ITurns turns, IComputePool compute, WorkerData data, ModelPool models) : IEvaluator
{
    private const int Parts = 8;

    private readonly SortedDictionary<long, EvaluationSlice?[]> _incomplete = [];
    private readonly Queue<Evaluation> _ready = new();
    private TrainingJob? _job;
    private int _epoch = -1;
    private long _lastTold; // no slice is of clock 0
    private EvaluationSlice[]? _kept;
    private bool _isKeptSuspect;

    public Task Start(TrainingJob job, int epoch)
    {
        _ = data.Open(job.Data, job.TrainExamples); // missing or wrong data ends the job before it begins
        _job = job;
        Begin(epoch);
        return Task.CompletedTask;
    }

    public async Task Offer(EvaluationSlice slice)
    {
        // After a restart the coordinator tells the job.
        var job = _job ??= await grains.Get<ITrainingCoordinator>(GrainKeys.JobOf(key.Value)).Job()
            ?? throw new InvalidOperationException("the evaluator's job is unknown");
        if (slice.Epoch > _epoch)
        {
            Begin(slice.Epoch);
        }
        var clock = slice.Final ? long.MaxValue : slice.Clock;
        if (slice.Epoch < _epoch || clock <= _lastTold || _ready.Any(evaluation => clock <= evaluation.Clock))
        {
            return; // of an earlier start, sent twice, or overtaken
        }
        if (!_incomplete.TryGetValue(clock, out var slices))
        {
            _incomplete[clock] = slices = new EvaluationSlice?[job.Shards];
        }
        slices[slice.Shard] = slice;
        if (!slices.Contains(null))
        {
            foreach (var overtaken in _incomplete.Keys.TakeWhile(key => key <= clock).ToArray())
            {
                _incomplete.Remove(overtaken);
            }
            _ready.Enqueue(new Evaluation(clock, slices!));
            if (_ready.Count == 1)
            {
                EvaluateFirst(job);
            }
        }
    }

    public Task<KeptModel?> Kept() => Task.FromResult(_kept is { } kept
        ? new KeptModel(kept.Min(slice => slice.Clock), Array.ConvertAll(kept, slice => slice.Values))
        : null);

    private void Begin(int epoch)
    {
        (_epoch, _lastTold, _kept) = (epoch, 0, null);
        _incomplete.Clear();
        _ready.Clear();
    }

    /// <summary>Evaluates beside the requests, so that slices keep coming in.</summary>
    private void EvaluateFirst(TrainingJob job)
    {
        if (_ready.TryPeek(out var first))
        {
            // Given up, the curve lacks the point; last slices are sent again.
            Retry.Beside(turns, () => EvaluateAndTell(job, first), Backoff.Patient, _ => Leave(job, first));
        }
    }

    private async Task EvaluateAndTell(TrainingJob job, Evaluation evaluation)
    {
        evaluation.Point ??= await PointOf(job, evaluation.Slices);
        if (IsFirst(evaluation)) // the job may have begun anew
        {
            await grains.Get<ITrainingCoordinator>(job.Name).Evaluated(evaluation.Point);
            _lastTold = IsFirst(evaluation) ? evaluation.Clock : _lastTold;
            Leave(job, evaluation);
        }
    }

    private bool IsFirst(Evaluation evaluation) =>
        _ready.TryPeek(out var first) && ReferenceEquals(first, evaluation);

    private void Leave(TrainingJob job, Evaluation evaluation)
    {
        if (IsFirst(evaluation))
        {
            _ready.Dequeue();
            EvaluateFirst(job);
        }
    }

    private async Task<EvaluationPoint> PointOf(TrainingJob job, EvaluationSlice[] slices)
    {
        var (accuracy, loss) = await Measure(job, slices);
        var isSuspect = Divergence.IsSuspect(accuracy, loss, models.Use(job.Model, model => model.ClassCount));
        if (!isSuspect || (double.IsFinite(loss) && (_kept is null || _isKeptSuspect)))
        {
            (_kept, _isKeptSuspect) = (slices, isSuspect);
        }
        return new EvaluationPoint(
            slices.Min(slice => slice.Clock), accuracy, loss, slices.Sum(slice => slice.IngressBytes),
            slices.Sum(slice => slice.EgressBytes), Seconds: 0, slices[0].Final);
    }

    /// <summary>Measures the test examples in parts, which run beside each other where there are cores.</summary>
    private async Task<(double Accuracy, double Loss)> Measure(TrainingJob job, EvaluationSlice[] slices)
    {
        var operations = models.Use(job.Model, model => model.FloatingPointOperationsPerExample) / 3; // forward only
        var test = data.Open(job.Data, job.TrainExamples).Test;
        var parameters = await compute.Run(() => Join(slices), floatingPointOperations: 0);
        var parts = await Task.WhenAll(KeyRange.Split(test.Count, Math.Min(Parts, test.Count)).Select(part => compute.Run(
            () => models.Use(job.Model, model => ModelEvaluation.Sum(model, parameters, test, part.Start, part.Length)),
            operations * part.Length)));
        return ((double)parts.Sum(part => part.Correct) / test.Count, parts.Sum(part => part.Loss) / test.Count);
    }

    private static float[] Join(EvaluationSlice[] slices)
    {
        var parameters = new float[slices.Sum(slice => slice.Values.ElementCount)];
        var filled = 0;
        foreach (var slice in slices)
        {
            var values = MemoryMarshal.Cast<byte, float>(slice.Values.Bytes.Span);
            values.CopyTo(parameters.AsSpan(filled));
            filled += values.Length;
        }
        return parameters;
    }

    /// <summary>A whole model that waits for its evaluation.</summary>
    private sealed class Evaluation(long clock, EvaluationSlice[] slices)
    {
        public long Clock => clock;

        public EvaluationSlice[] Slices => slices;

        /// <summary>What came out; null before.</summary>
        public EvaluationPoint? Point { get; set; }
    }
}
