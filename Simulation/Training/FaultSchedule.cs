using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Storage;

namespace OrleansEdge.Simulation.Training;

/// <summary>
/// A small training job, the fleet that it runs on, and what breaks meanwhile. All of it is drawn from the seed, so
/// that a seed is a schedule for ever.
/// </summary>
/// <param name="Gone">When a device leaves for ever, by crashing or by being cut off, in virtual seconds by worker.</param>
public sealed record FaultSchedule(
    ulong Seed, TrainingJob Job, EdgeFleet Fleet, IReadOnlyDictionary<int, double> Gone)
{
    /// <summary>Planned faults begin within so many virtual seconds.</summary>
    private const double HorizonSeconds = 60;

    /// <summary>Crashes and partitions, and one for each way in which messages and storage fail.</summary>
    public int Faults => Fleet.Faults.Crashes.Count + Fleet.Faults.Partitions.Count
        + (Fleet.LossProbability > 0 ? 1 : 0) + (Fleet.Storage.WriteFailureProbability > 0 ? 1 : 0)
        + (Fleet.Storage.LostAnswerProbability > 0 ? 1 : 0);

    /// <summary>The schedule of a seed.</summary>
    public static FaultSchedule Draw(ulong seed)
    {
        var random = new RandomStream(seed, "fault schedule of training");
        var silos = 2 + random.NextInt(2);
        var losesSilos = random.NextInt(3) != 0;
        var job = DrawJob(seed, ref random);
        if (losesSilos && job is { Replicas: 0, PersistEvery: 0 })
        {
            job = random.NextInt(2) == 0 ? job with { Replicas = 1 } : job with { PersistEvery = 1 + random.NextInt(30) };
        }
        var crashes = new List<CrashFault>();
        for (var left = losesSilos ? 1 + random.NextInt(3) : 0; left > 0; left--)
        {
            crashes.Add(CrashOf($"silo-{1 + random.NextInt(silos - 1)}", ref random)); // silo-0 has the replicas
        }
        for (var left = random.NextInt(4); left > 0; left--)
        {
            crashes.Add(CrashOf(DeviceOf(job, ref random), ref random));
        }
        var partitions = new List<PartitionFault>();
        if (random.NextInt(2) == 0)
        {
            partitions.Add(new PartitionFault("silo-0", "silo-1", Moment(ref random), 40 * random.NextDouble()));
        }
        if (random.NextInt(3) == 0)
        {
            partitions.Add(new PartitionFault(DeviceOf(job, ref random), "*", Moment(ref random), 60 * random.NextDouble()));
        }
        var gone = DrawGone(job, crashes, partitions, ref random);
        var fleet = new EdgeFleet
        {
            Silos = silos,
            LossProbability = random.NextInt(2) * random.NextDouble() * 0.15,
            Storage = new StorageOptions
            {
                WriteFailureProbability = random.NextInt(2) * random.NextDouble() * 0.3,
                LostAnswerProbability = random.NextInt(2) * random.NextDouble() * 0.1,
                LatencySeconds = random.NextInt(2) * random.NextDouble(),
            },
            Faults = new FaultPlan { Crashes = crashes, Partitions = partitions },
        };
        return new FaultSchedule(seed, job, fleet, gone);
    }

    private static TrainingJob DrawJob(ulong seed, ref RandomStream random)
    {
        var algorithm = TrainingAlgorithms.Names[random.NextInt(TrainingAlgorithms.Names.Count)];
        var isDense = algorithm is TrainingAlgorithms.Asgd or TrainingAlgorithms.Downpour;
        var hasIntervals = algorithm == TrainingAlgorithms.Downpour;
        return new TrainingJob
        {
            Algorithm = algorithm,
            Model = "logreg",
            Data = "synthetic:200x50",
            Workers = 3 + random.NextInt(8),
            Shards = 1 + random.NextInt(3),
            Updates = 100 + random.NextInt(100),
            EvaluateEvery = 25 * random.NextInt(3),
            LearningRate = 0.05f,
            Seed = seed,
            Compression = isDense ? 1 : 0.05,
            Replicas = random.NextInt(2),
            PersistEvery = random.NextInt(2) * (1 + random.NextInt(30)),
            FetchEvery = hasIntervals ? 1 + random.NextInt(3) : 1,
            PushEvery = hasIntervals ? 1 + random.NextInt(3) : 1,
            WarmUpUpdates = hasIntervals ? 10 * random.NextInt(2) : 0,
            MeanWaitSeconds = 2 * random.NextDouble(),
            BatchSize = 5,
        };
    }

    /// <summary>In one schedule of four a device leaves for ever, or two do; at least one stays.</summary>
    private static Dictionary<int, double> DrawGone(
        TrainingJob job, List<CrashFault> crashes, List<PartitionFault> partitions, ref RandomStream random)
    {
        var gone = new Dictionary<int, double>();
        for (var left = Math.Max(random.NextInt(5) - 2, 0); left > 0; left--)
        {
            var (worker, at) = (random.NextInt(job.Workers), Moment(ref random));
            var isCutOff = random.NextInt(2) == 0;
            if (gone.ContainsKey(worker) || crashes.Exists(crash => crash.Node == Device(worker)))
            {
                continue; // a crash before this one would bring it back
            }
            gone.Add(worker, at);
            if (isCutOff)
            {
                partitions.Add(new PartitionFault(Device(worker), "*", at, double.PositiveInfinity));
            }
            else
            {
                crashes.Add(new CrashFault(Device(worker), at));
            }
        }
        return gone;
    }

    private static CrashFault CrashOf(string node, ref RandomStream random) =>
        new(node, Moment(ref random), 5 * random.NextDouble());

    private static string DeviceOf(TrainingJob job, ref RandomStream random) => Device(random.NextInt(job.Workers));

    private static string Device(int worker) => EdgeFleet.DeviceName(worker);

    private static double Moment(ref RandomStream random) => HorizonSeconds * random.NextDouble();
}
