using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.ChannelChoice;
using OrleansEdge.Core.Offloading.PowerControl;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Channel choice as JSON: gains between transmitters and receivers, powers and the number of channels.
/// </summary>
internal sealed record ChannelChoiceFile
{
    private const int MostChannels = 1_000;

    /// <summary>[receivers][transmitters], at least 0; the diagonal does not matter.</summary>
    public required double[][] Gains { get; init; }

    /// <summary>[transmitters] W.</summary>
    public required double[] Watts { get; init; }

    public required int Channels { get; init; }

    /// <exception cref="OrleansEdgeException">A value is wrong (65).</exception>
    public ChannelChoiceGame ToGame() => Channels is < 1 or > MostChannels
        ? throw OrleansEdgeException.WrongData($"channels is {Channels}; expected 1 to {MostChannels}")
        : new ChannelChoiceGame(
            GameFile.Flat(Gains, "gains", GameFile.Required(Watts, "watts").Length), Watts, Channels);
}

/// <summary>Power control as JSON: gains, noise, processing gain, the largest power, and what users want.</summary>
internal sealed record PowerControlFile
{
    /// <summary>[receivers][transmitters], at least 0, the diagonal above it.</summary>
    public required double[][] Gains { get; init; }

    public required double NoiseWatts { get; init; }

    public required double ProcessingGain { get; init; }

    public required double MostWatts { get; init; }

    public required PowerUtility Utility { get; init; }

    /// <summary>c, per W; with a utility that has a price.</summary>
    public double? PricePerWatt { get; init; }

    /// <summary>A ratio; with the utility "target".</summary>
    public double? TargetSinr { get; init; }

    public static PowerControlFile Of(PowerControlOptions options, PowerNetwork network) => new()
    {
        Gains =
        [
            .. Enumerable.Range(0, network.Users).Select(receiver =>
                Enumerable.Range(0, network.Users).Select(sender => network.Gain(receiver, sender)).ToArray()),
        ],
        NoiseWatts = network.NoiseWatts,
        ProcessingGain = network.ProcessingGain,
        MostWatts = network.MostWatts,
        Utility = options.Utility,
        PricePerWatt = options.Utility == PowerUtility.Target ? null : options.PricePerWatt,
        TargetSinr = options.Utility == PowerUtility.Target ? options.TargetSinr : null,
    };

    /// <exception cref="OrleansEdgeException">A value is wrong (65).</exception>
    public (PowerControlOptions Options, PowerGame Game) ToGame()
    {
        var network = new PowerNetwork(
            GameFile.Flat(Gains, "gains", Gains.Length), NoiseWatts, ProcessingGain, MostWatts);
        var hasTarget = Utility == PowerUtility.Target;
        if ((TargetSinr is not null) != hasTarget || (PricePerWatt is not null) == hasTarget)
        {
            throw OrleansEdgeException.WrongData(
                "expected 'targetSinr' with the utility target, 'pricePerWatt' with any other, and not both");
        }
        var options = new PowerControlOptions
        {
            Users = network.Users,
            SingleReceiver = network.HasSingleReceiver,
            MostWatts = MostWatts,
            NoiseWatts = NoiseWatts,
            ProcessingGain = ProcessingGain,
            Utility = Utility,
        };
        options = hasTarget ? options with { TargetSinr = TargetSinr!.Value }
            : options with { PricePerWatt = PricePerWatt!.Value };
        options.Validate();
        return (options, options.GameOn(network));
    }
}
