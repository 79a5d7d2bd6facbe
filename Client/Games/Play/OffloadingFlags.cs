using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Cell, radio and tasks of the offloading games; the defaults are the paper's printed parameters.</summary>
/// <param name="mostChannels">1 for the single-channel game.</param>
internal sealed class OffloadingFlags(int mostChannels)
{
    private static readonly OffloadingOptions Standard = new();
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Users.", Standard.Users, 1, 10_000_000);
    private readonly CheckedOption<int> _channels = Options.Integer(
        "--channels", "Wireless channels.", Standard.Channels, 1, mostChannels);
    private readonly CheckedOption<double> _bandwidth = Positive(
        "--bandwidth", "Of each channel, Hz.", Standard.BandwidthHertz);
    private readonly CheckedOption<double> _noise = Positive("--noise", "Background noise, W.", Standard.NoiseWatts);
    private readonly CheckedOption<double> _radius = Positive(
        "--radius", "Radius of the cell, m.", Standard.RadiusMeters);
    private readonly CheckedOption<double> _power = Positive(
        "--power", "Sending power of every user, W.", Standard.TransmitWatts);
    private readonly CheckedOption<double> _received = Positive(
        "--received-power", "With power control: every user is received with this, W.", 1e-7);
    private readonly CheckedOption<double> _input = Positive(
        "--input-bits", "What must be sent to offload a task, bit.", Standard.InputBits);
    private readonly CheckedOption<double> _cycles = Positive("--cycles", "CPU cycles of a task.", Standard.TaskCycles);
    private readonly CheckedOption<double> _cloud = Positive(
        "--cloud-hertz", "The cloud's CPU for one user, Hz.", Standard.CloudCyclesPerSecond);
    private readonly CheckedOption<double> _energy = Positive(
        "--local-joules-per-cycle", "Energy of one local cycle, J.", Standard.LocalJoulesPerCycle);

    /// <summary>1 for the single-channel game.</summary>
    public int MostChannels => mostChannels;

    public IEnumerable<Option> All => mostChannels == 1
        ? [_players, .. Physics]
        : [_players, _channels, .. Physics];

    private IEnumerable<Option> Physics =>
        [_bandwidth, _noise, _radius, _power, _received, _input, _cycles, _cloud, _energy];

    public OffloadingOptions Read(Invocation invocation)
    {
        if (invocation.IsGiven(_received))
        {
            Refusal.With(invocation, "--received-power", _radius);
        }
        var radius = invocation.Value(_radius);
        return new()
        {
            Users = invocation.Value(_players),
            Channels = mostChannels == 1 ? 1 : invocation.Value(_channels),
            BandwidthHertz = invocation.Value(_bandwidth),
            NoiseWatts = invocation.Value(_noise),
            RadiusMeters = radius,
            NearestMeters = Math.Min(Standard.NearestMeters, radius),
            TransmitWatts = invocation.Value(_power),
            EqualReceivedWatts = invocation.IsGiven(_received) ? invocation.Value(_received) : null,
            InputBits = invocation.Value(_input),
            TaskCycles = invocation.Value(_cycles),
            CloudCyclesPerSecond = invocation.Value(_cloud),
            LocalJoulesPerCycle = invocation.Value(_energy),
        };
    }

    private static CheckedOption<double> Positive(string name, string description, double standard) =>
        Options.Number(name, description, standard, 0, 1e15, aboveLeast: true);
}
