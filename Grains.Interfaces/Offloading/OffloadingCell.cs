using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Grains.Interfaces.Offloading;

/// <summary>Radio and tasks of a cell as a message: the members of <see cref="OffloadingOptions"/>.</summary>
[GenerateSerializer, Immutable, Alias("oe.offloading-cell")]
public sealed record OffloadingCell
{
    [Id(0)] public int Users { get; init; }

    [Id(1)] public int Channels { get; init; }

    [Id(2)] public double BandwidthHertz { get; init; }

    [Id(3)] public double NoiseWatts { get; init; }

    [Id(4)] public double RadiusMeters { get; init; }

    [Id(5)] public double NearestMeters { get; init; }

    [Id(6)] public double PathLossExponent { get; init; }

    [Id(7)] public double TransmitWatts { get; init; }

    [Id(8)] public double? EqualReceivedWatts { get; init; }

    [Id(9)] public double InputBits { get; init; }

    [Id(10)] public double TaskCycles { get; init; }

    [Id(11)] public double[] LocalCyclesPerSecond { get; init; } = [];

    [Id(12)] public double CloudCyclesPerSecond { get; init; }

    [Id(13)] public double LocalJoulesPerCycle { get; init; }

    [Id(14)] public double TailJoules { get; init; }

    [Id(15)] public double[] EnergyWeights { get; init; } = [];

    public static OffloadingCell Of(OffloadingOptions options) => new()
    {
        Users = options.Users,
        Channels = options.Channels,
        BandwidthHertz = options.BandwidthHertz,
        NoiseWatts = options.NoiseWatts,
        RadiusMeters = options.RadiusMeters,
        NearestMeters = options.NearestMeters,
        PathLossExponent = options.PathLossExponent,
        TransmitWatts = options.TransmitWatts,
        EqualReceivedWatts = options.EqualReceivedWatts,
        InputBits = options.InputBits,
        TaskCycles = options.TaskCycles,
        LocalCyclesPerSecond = [.. options.LocalCyclesPerSecond],
        CloudCyclesPerSecond = options.CloudCyclesPerSecond,
        LocalJoulesPerCycle = options.LocalJoulesPerCycle,
        TailJoules = options.TailJoules,
        EnergyWeights = [.. options.EnergyWeights],
    };

    public OffloadingOptions ToOptions() => new()
    {
        Users = Users,
        Channels = Channels,
        BandwidthHertz = BandwidthHertz,
        NoiseWatts = NoiseWatts,
        RadiusMeters = RadiusMeters,
        NearestMeters = NearestMeters,
        PathLossExponent = PathLossExponent,
        TransmitWatts = TransmitWatts,
        EqualReceivedWatts = EqualReceivedWatts,
        InputBits = InputBits,
        TaskCycles = TaskCycles,
        LocalCyclesPerSecond = LocalCyclesPerSecond,
        CloudCyclesPerSecond = CloudCyclesPerSecond,
        LocalJoulesPerCycle = LocalJoulesPerCycle,
        TailJoules = TailJoules,
        EnergyWeights = EnergyWeights,
    };
}
