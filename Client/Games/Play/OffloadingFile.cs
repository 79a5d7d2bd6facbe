using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// An offloading game as JSON: <c>{"channels": n, "bandwidthHertz": w, "noiseWatts": x, "users": [{"inputBits": ...},
/// ...]}</c> with the quantities of <see cref="OffloadingUser"/>.
/// </summary>
internal sealed record OffloadingFile
{
    private const int MostChannels = 100_000;

    public required int Channels { get; init; }

    public required double BandwidthHertz { get; init; }

    public required double NoiseWatts { get; init; }

    public required UserOfFile[] Users { get; init; }

    public static OffloadingFile Of(OffloadingOptions options, OffloadingGame game) => new()
    {
        Channels = options.Channels,
        BandwidthHertz = options.BandwidthHertz,
        NoiseWatts = options.NoiseWatts,
        Users = Array.ConvertAll(game.Users.ToArray(), UserOfFile.Of),
    };

    /// <param name="mostChannels">1 for the single-channel game.</param>
    /// <exception cref="Core.OrleansEdgeException">A value is wrong (65).</exception>
    public OffloadingGame ToGame(int mostChannels)
    {
        var options = new OffloadingOptions
        {
            Channels = Channels,
            BandwidthHertz = BandwidthHertz,
            NoiseWatts = NoiseWatts,
        };
        options.Validate();
        if (Channels > Math.Min(mostChannels, MostChannels))
        {
            throw Core.OrleansEdgeException.WrongData(
                $"channels is {Channels}; expected at most {Math.Min(mostChannels, MostChannels)}");
        }
        var users = Array.ConvertAll(GameFile.Required(Users, "users"), user => user.ToUser());
        return new OffloadingGame(users, new InterferenceUplink(users, BandwidthHertz, NoiseWatts), Channels);
    }
}

/// <summary>One user of <see cref="OffloadingFile"/>.</summary>
internal sealed record UserOfFile(
    double InputBits, double TaskCycles, double LocalCyclesPerSecond, double CloudCyclesPerSecond,
    double LocalJoulesPerCycle, double TransmitWatts, double ReceivedWatts, double TailJoules, double TimeWeight,
    double EnergyWeight)
{
    public static UserOfFile Of(OffloadingUser user) => new(
        user.InputBits, user.TaskCycles, user.LocalCyclesPerSecond, user.CloudCyclesPerSecond,
        user.LocalJoulesPerCycle, user.TransmitWatts, user.ReceivedWatts, user.TailJoules, user.TimeWeight,
        user.EnergyWeight);

    public OffloadingUser ToUser() => new(
        InputBits, TaskCycles, LocalCyclesPerSecond, CloudCyclesPerSecond, LocalJoulesPerCycle, TransmitWatts,
        ReceivedWatts, TailJoules, TimeWeight, EnergyWeight);
}
