using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;
using OrleansEdge.Simulation.Storage;

namespace OrleansEdge.Simulation.Training;

/// <summary>
/// The devices and the data centre that a training job runs on. The defaults are AdaComp's setting (section III): a
/// fleet of home devices behind ADSL or cable of 100 Mb/s down and 10 Mb/s up.
/// </summary>
public sealed record EdgeFleet
{
    /// <summary>Class of the devices, for links and faults.</summary>
    public const string DeviceClass = "device";

    private const string SiloClass = "silo";
    private const string EvaluatorNode = "evaluator";

    /// <summary>Speed of a device of relative speed 1.</summary>
    public double DeviceFloatingPointOperationsPerSecond { get; init; } = 2e9;

    public double DeviceUplinkBytesPerSecond { get; init; } = 10e6 / 8;

    public double DeviceDownlinkBytesPerSecond { get; init; } = 100e6 / 8;

    public double LatencySeconds { get; init; } = 0.010;

    /// <summary>Mean of the exponential part of the latency.</summary>
    public double JitterSeconds { get; init; } = 0.005;

    /// <summary>Probability that a message between a device and the data centre is lost.</summary>
    public double LossProbability { get; init; }

    /// <summary>Silos that the shards are spread over, at least 1.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Network of one silo, each way.</summary>
    public double SiloBytesPerSecond { get; init; } = 10e9 / 8;

    /// <summary>Probability that a device crashes for good after a push (AdaComp section V.D).</summary>
    public double CrashProbability { get; init; }

    /// <summary>Further faults.</summary>
    public FaultPlan Faults { get; init; } = new();

    /// <summary>
    /// Evaluations travel over the silos' links and take a machine's time, as on a real cluster. Otherwise a snapshot is
    /// measured outside network and clock, and the model does not depend on how often.
    /// </summary>
    public bool MeasureOnNetwork { get; init; }

    /// <summary>Where coordinator and shards keep their states.</summary>
    public StorageOptions Storage { get; init; } = new();

    internal IReadOnlyList<NodeProfile> Nodes(TrainingJob job) =>
    [
        .. Enumerable.Range(0, Silos).Select(i => new NodeProfile
        {
            Name = $"silo-{i}",
            Class = SiloClass,
            Cores = 4,
            FloatingPointOperationsPerSecond = 1e11,
            UplinkBytesPerSecond = SiloBytesPerSecond,
            DownlinkBytesPerSecond = SiloBytesPerSecond,
        }),
        new NodeProfile
        {
            Name = EvaluatorNode,
            Kind = NodeKind.Device,
            Class = SiloClass,
            FloatingPointOperationsPerSecond = 1e14,
            IsObserver = !MeasureOnNetwork,
        },
        .. Enumerable.Range(0, job.Workers).Select(i => new NodeProfile
        {
            Name = DeviceName(i),
            Kind = NodeKind.Device,
            Class = DeviceClass,
            FloatingPointOperationsPerSecond = DeviceFloatingPointOperationsPerSecond * job.SpeedOf(i),
            UplinkBytesPerSecond = DeviceUplinkBytesPerSecond,
            DownlinkBytesPerSecond = DeviceDownlinkBytesPerSecond,
        }),
    ];

    internal NetworkOptions Network => new()
    {
        Links =
        [
            .. MeasureOnNetwork ? [] : (LinkProfile[])[new LinkProfile { From = "client", IsOutOfBand = true }],
            new LinkProfile
            {
                From = DeviceClass,
                To = SiloClass,
                LatencySeconds = LatencySeconds,
                JitterSeconds = JitterSeconds,
                Jitter = JitterDistribution.Exponential,
                LossProbability = LossProbability,
            },
        ],
    };

    /// <summary>Crashes after pushes; a push of several shards is several calls, which share the probability.</summary>
    internal FaultPlan FaultsOf(TrainingJob job) => CrashProbability == 0 ? Faults : Faults.With(new FaultPlan
    {
        CrashesAfterCalls =
        [
            new CrashAfterCall
            {
                Interface = typeof(IParameterShard),
                Method = nameof(IParameterShard.Push),
                Probability = 1 - Math.Pow(1 - CrashProbability, 1.0 / job.Shards),
                Nodes = DeviceClass,
            },
        ],
    });

    internal IVirtualPlacement Placement => new PinnedPlacement((type, key) =>
        type == typeof(Worker) ? DeviceName(IndexIn(key))
        : type == typeof(ParameterShardGrain) ? $"silo-{IndexIn(key) % Silos}"
        : type == typeof(Evaluator) ? EvaluatorNode
        : "silo-0");

    internal static string DeviceName(int worker) => $"device-{worker}";

    private static int IndexIn(string key) => int.Parse(key.AsSpan(key.LastIndexOf('/') + 1));
}
