using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Training;

/// <summary>The options of one algorithm of <c>oe train</c>, and the plan that their values make.</summary>
internal sealed class TrainingOptions
{
    private readonly AlgorithmDefaults _algorithm;
    private readonly CheckedOption<string> _model = Options.Choice("--model", "The model.", "cnn", ModelCatalog.Names);
    private readonly CheckedOption<string?> _data = Options.Text(
        "--data", "Name of a data set, a folder with IDX files, or 'synthetic' (default: mnist where found, else synthetic).",
        "a name, a folder or 'synthetic'", "DATA");
    private readonly CheckedOption<int> _workers = Options.Integer("--workers", "Edge workers.", 200, 1, 1_000_000);
    private readonly CheckedOption<int> _shards = Options.Integer("--shards", "Parameter shards.", 1, 1, 10_000);
    private readonly CheckedOption<long> _updates = Options.Long("--updates", "Updates until the job ends.", 10_000, 1);
    private readonly CheckedOption<double> _epochs = Options.Number(
        "--epochs", "Passes over the examples until the job ends, instead of --updates.", 0, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<int> _batch = Options.Integer("--batch", "Examples in one gradient; a convolutional model takes 16384 at most.", 10, 1, 65_536);
    private readonly CheckedOption<double> _rate;
    private readonly CheckedOption<double> _finalRate = Options.Number(
        "--final-rate", "Learning rate at the end of the run; it falls in a straight line from --rate (default: it stays).",
        0, 0, 1000);
    private readonly CheckedOption<double> _compression;
    private readonly Option<bool> _halfValues = Options.Switch(
        "--half-values", "Pushed values have 16 bits; with a --compression below 1.");
    private readonly CheckedOption<string> _partition = new(
        "--partition", "How the examples are dealt out to the workers.",
        "equal, contiguous, label, label:SHARDS or dirichlet:ALPHA", "HOW", TryPartition)
    {
        DefaultValueFactory = _ => "equal",
    };

    private readonly CheckedOption<double> _crashProbability = Options.Number(
        "--crash-probability", "Probability that a worker is lost after a push.", 0, 0, 1);
    private readonly CheckedOption<DeviceClasses> _classes = new(
        "--classes", "Device classes as SHARE:SPEED, such as 0.3:1,0.4:0.1,0.3:0.01.", DeviceClasses.Expected, "CLASSES",
        DeviceClasses.TryParse)
    {
        DefaultValueFactory = _ => DeviceClasses.One,
    };

    private readonly CheckedOption<int> _trainExamples = Options.Integer(
        "--train-examples", "Training examples used; 0 for all.", 0, 0, int.MaxValue);
    private readonly CheckedOption<long> _evaluateEvery = Options.Long(
        "--evaluate-every", "Updates between evaluations; 0 for one at the end (default: by the length of the run).", 0, 0);
    private readonly CheckedOption<double> _targetAccuracy = Options.Number(
        "--target-accuracy", "The run ends when an evaluation reaches this, 0 to 1; 0 for never.", 0, 0, 1);
    private readonly Option<bool> _measureOnNetwork = Options.Switch(
        "--measure-on-network",
        "Evaluations travel over the simulated network, as on a cluster; the model then depends on --evaluate-every.");
    private readonly CheckedOption<long> _boundaryEvery = Options.Long(
        "--boundary-every", "Updates between boundaries, where a run closes and can be resumed; part of what decides the model.",
        TrainingPlan.DefaultBoundaryEvery, 1);
    private readonly CheckedOption<WallTime> _checkpointEvery = new(
        "--checkpoint-every", "Wall time between checkpoints, which hold the last boundary; 0 for one at every boundary.",
        WallTime.Expected, "TIME", WallTime.TryParse)
    {
        DefaultValueFactory = _ => TrainingPlan.DefaultCheckpointEvery,
    };

    private readonly CheckedOption<string?> _resume = Options.Text(
        "--resume", "Goes on from the checkpoint of a run folder.", "a run folder with a checkpoint", "DIR");
    private readonly CheckedOption<int> _cores = Options.Integer(
        "--cores", "Processor cores to use; the outcome does not depend on it.", Environment.ProcessorCount, 1, 1024);
    private readonly CheckedOption<double> _meanWait = Options.Number(
        "--mean-wait-seconds", "Mean random wait between gradient and push.", 1, 0, 1e6);
    private readonly CheckedOption<int> _fetchEvery = Options.Integer(
        "--fetch-every", "Gradients between fetches (n_fetch).", 1, 1, 1_000_000);
    private readonly CheckedOption<int> _pushEvery = Options.Integer(
        "--push-every", "Gradients between pushes (n_push).", 1, 1, 1_000_000);
    private readonly CheckedOption<long> _warmUp = Options.Long(
        "--warm-up-updates", "Updates that the first worker makes alone.", 0, 0);

    public TrainingOptions(AlgorithmDefaults algorithm)
    {
        _algorithm = algorithm;
        _rate = Options.Number("--rate", "Learning rate.", algorithm.Rate, 0, 1000, aboveLeast: true);
        _compression = algorithm.IsDense
            ? Options.Number("--compression", "1: this algorithm pushes every entry.", 1, 1, 1)
            : Options.Number(
                "--compression", "Share of each block's entries that is pushed.", algorithm.Compression, 0, 1, aboveLeast: true);
        _finalRate.DefaultValueFactory = null;
        _epochs.DefaultValueFactory = null;
        _evaluateEvery.DefaultValueFactory = null;
    }

    /// <summary>Adds the options to the algorithm's command.</summary>
    /// <param name="inVirtualTime">With those that only the virtual-time cluster has.</param>
    public void AddTo(Command command, bool inVirtualTime = true)
    {
        Option[] all =
        [
            _model, _data, _workers, _shards, _updates, _epochs, _batch, _rate, _finalRate, _compression, _halfValues,
            _partition, _crashProbability, _classes, _trainExamples, _evaluateEvery, _targetAccuracy,
            _measureOnNetwork, _boundaryEvery, _checkpointEvery, _resume, _cores, _meanWait,
        ];
        Option[] intervals = _algorithm.HasIntervals ? [_fetchEvery, _pushEvery, _warmUp] : [];
        Option[] virtualOnly =
            [_crashProbability, _measureOnNetwork, _boundaryEvery, _checkpointEvery, _resume, _cores];
        foreach (var option in all.Concat(intervals).Except(inVirtualTime ? [] : virtualOnly))
        {
            command.Add(option);
        }
    }

    /// <summary>The folder that <c>--resume</c> names, or null.</summary>
    public string? ResumeFolder(Invocation invocation) => invocation.Value(_resume);

    /// <summary>The plan of a new run.</summary>
    /// <exception cref="OrleansEdgeException">Options contradict each other (64).</exception>
    public TrainingPlan NewPlan(Invocation invocation, DataCatalog catalog)
    {
        if (invocation.IsGiven(_updates) && invocation.IsGiven(_epochs))
        {
            throw OrleansEdgeException.Usage("--epochs and --updates are both given; expected one of them");
        }
        if (invocation.Value(_halfValues) && invocation.Value(_compression) == 1)
        {
            throw OrleansEdgeException.Usage(
                $"--half-values is given for {_algorithm.Name} at --compression 1, which pushes every entry with 32 bits; "
                + "expected without, or a lower --compression where the algorithm has one");
        }
        ModelCatalog.CheckBatch(_batch.Name, invocation.Value(_model), invocation.Value(_batch));
        var classes = invocation.Value(_classes);
        var job = new TrainingJob
        {
            Algorithm = _algorithm.Name,
            Model = invocation.Value(_model),
            Data = invocation.Value(_data) ?? DefaultData(catalog),
            TrainExamples = invocation.Value(_trainExamples),
            Partition = invocation.Value(_partition),
            Workers = invocation.Value(_workers),
            Shards = invocation.Value(_shards),
            BatchSize = invocation.Value(_batch),
            LearningRate = (float)invocation.Value(_rate),
            Compression = invocation.Value(_compression),
            HalfPrecisionValues = invocation.Value(_halfValues),
            MeanWaitSeconds = invocation.Value(_meanWait),
            TargetAccuracy = invocation.Value(_targetAccuracy),
            Seed = invocation.Seed,
        };
        job = _algorithm.HasIntervals ? WithIntervals(job, invocation) : job;
        job = job with { Updates = UpdatesOf(job, invocation, catalog) };
        job = job with
        {
            FinalRate = FinalRateOf(job, invocation),
            EvaluateEvery = invocation.IsGiven(_evaluateEvery)
                ? invocation.Value(_evaluateEvery)
                : DefaultEvaluateEvery(job.Updates),
        };
        return new TrainingPlan
        {
            Name = RunNames.Of(job),
            Job = job,
            Classes = classes,
            CrashProbability = invocation.Value(_crashProbability),
            BoundaryEvery = invocation.Value(_boundaryEvery),
            MeasureOnNetwork = invocation.Value(_measureOnNetwork),
            CheckpointEvery = invocation.Value(_checkpointEvery),
            Cores = invocation.Value(_cores),
        };
    }

    /// <summary>
    /// The plan that goes on from a checkpoint; what was given must not contradict it. A falling learning rate falls
    /// from the first update to the new last one: with more updates than before it goes on higher than it ended.
    /// </summary>
    /// <exception cref="OrleansEdgeException">
    /// An option differs from the checkpoint (65) or asks for nothing new (64).
    /// </exception>
    public TrainingPlan ResumedPlan(Invocation invocation, SavedRun saved, string name)
    {
        var (plan, job) = (saved.Plan, saved.Plan.Job);
        RequireSame(invocation, plan, name);
        var updates = ResumeCheck.MoreUpdates(
            saved, invocation.IsGiven(_updates) ? invocation.Value(_updates) : job.Updates, name);
        return ResumeCheck.Extended(saved, name) with
        {
            Job = job with
            {
                Updates = updates,
                FinalRate = job.FinalRate is { } final ? final with { AtClock = updates } : null,
                TargetAccuracy = invocation.IsGiven(_targetAccuracy)
                    ? invocation.Value(_targetAccuracy)
                    : job.TargetAccuracy,
                EvaluateEvery = invocation.IsGiven(_evaluateEvery)
                    ? invocation.Value(_evaluateEvery)
                    : job.EvaluateEvery,
            },
            CheckpointEvery = invocation.Value(_checkpointEvery),
            Cores = invocation.Value(_cores),
        };
    }

    /// <summary>MNIST where it is found, else the synthetic digits.</summary>
    public static string DefaultData(DataCatalog catalog) =>
        catalog.Available().Any(found => found.Name == "mnist") ? "mnist" : DataCatalog.Synthetic;

    /// <summary>
    /// A job evaluates ten times as often during its first ten intervals; with these intervals that makes from 40
    /// evaluations of a short run to 190 of 250,000 updates.
    /// </summary>
    public static long DefaultEvaluateEvery(long updates) =>
        Math.Max(Math.Max(1, updates / 100), Math.Min(updates / 4, 2_500));

    private void RequireSame(Invocation invocation, TrainingPlan plan, string name)
    {
        var job = plan.Job;
        void Same(Option option, bool isSame, object value) =>
            ResumeCheck.Same(invocation, option, isSame, value, name);
        void SameValue<T>(Option<T> option, T value) =>
            Same(option, Equals(invocation.Value(option), value), value!);

        if (job.Algorithm != _algorithm.Name)
        {
            throw OrleansEdgeException.WrongData(
                $"{name} is of algorithm {job.Algorithm}; expected {_algorithm.Name}, as the command says");
        }
        SameValue(_model, job.Model);
        SameValue(_data, job.Data);
        SameValue(_workers, job.Workers);
        SameValue(_shards, job.Shards);
        SameValue(_batch, job.BatchSize);
        Same(_rate, (float)invocation.Value(_rate) == job.LearningRate, job.LearningRate);
        var finalRate = job.FinalRate?.Rate ?? job.LearningRate;
        Same(_finalRate, (float)invocation.Value(_finalRate) == finalRate, finalRate);
        SameValue(_compression, job.Compression);
        SameValue(_halfValues, job.HalfPrecisionValues);
        SameValue(_partition, job.Partition);
        SameValue(_trainExamples, job.TrainExamples);
        SameValue(_crashProbability, plan.CrashProbability);
        Same(_classes, invocation.Value(_classes).ToString() == plan.Classes.ToString(), plan.Classes);
        SameValue(_meanWait, job.MeanWaitSeconds);
        SameValue(_boundaryEvery, plan.BoundaryEvery);
        SameValue(_measureOnNetwork, plan.MeasureOnNetwork);
        if (_algorithm.HasIntervals)
        {
            SameValue(_fetchEvery, job.FetchEvery);
            SameValue(_pushEvery, job.PushEvery);
            SameValue(_warmUp, job.WarmUpUpdates);
        }
        ResumeCheck.SameSeed(invocation, job.Seed, name);
    }

    private FinalRate? FinalRateOf(TrainingJob job, Invocation invocation)
    {
        if (!invocation.IsGiven(_finalRate))
        {
            return null;
        }
        var (rate, final) = (invocation.Value(_rate), invocation.Value(_finalRate));
        if (final > rate)
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant(
                $"--final-rate is {final}; expected a number from 0 to {rate}, the --rate"));
        }
        return (float)final == job.LearningRate ? null : new FinalRate((float)final, job.Updates);
    }

    private TrainingJob WithIntervals(TrainingJob job, Invocation invocation) => job with
    {
        FetchEvery = invocation.Value(_fetchEvery),
        PushEvery = invocation.Value(_pushEvery),
        WarmUpUpdates = invocation.Value(_warmUp),
    };

    private long UpdatesOf(TrainingJob job, Invocation invocation, DataCatalog catalog)
    {
        if (!invocation.IsGiven(_epochs))
        {
            return invocation.Value(_updates);
        }
        var examples = catalog.Open(job.Data, job.TrainExamples).Train.Count;
        return (long)Math.Ceiling(invocation.Value(_epochs) * examples / ((double)job.BatchSize * job.PushEvery));
    }

    private static bool TryPartition(string text, out string partition)
    {
        partition = text;
        try
        {
            return Partitioner.Parse(text) is not null;
        }
        catch (OrleansEdgeException)
        {
            return false;
        }
    }
}
