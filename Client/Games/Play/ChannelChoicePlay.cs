using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.ChannelChoice;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Cognitive radios choose channels (Nie, Comaniciu 2006).</summary>
internal sealed class ChannelChoicePlay : IPlayableGame
{
    private const long MostNodes = 2_000_000;
    private static readonly ChannelChoiceOptions Standard = new();
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Pairs of a transmitter and its receiver.", Standard.Users, 1, 5_000);
    private readonly CheckedOption<int> _channels = Options.Integer(
        "--channels", "Channels.", Standard.Channels, 1, 1_000);
    private readonly CheckedOption<double> _side = Options.Number(
        "--side", "Transmitters are in a square of this side, m.", Standard.SideMeters, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<double> _link = Options.Number(
        "--link", "A receiver's distance from its transmitter, m.", Standard.LinkMeters, 0, 1e6);
    private readonly CheckedOption<double> _power = Options.Number(
        "--power", "Power of every transmitter, W.", Standard.TransmitWatts, 0, 1e6, aboveLeast: true);
    private readonly Option<bool> _optimum = Options.Switch(
        "--optimum", "Also the least interference, for a few users.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 100;

    public string Name => "channel-choice";

    public string Description =>
        "Radios choose channels by the interference that they suffer and cause (Nie, Comaniciu 2006).";

    public IEnumerable<Option> Flags =>
        [_players, _channels, _side, _link, _power, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var file = _instance.Given(invocation, _players, _channels, _side, _link, _power);
        var game = file is null
            ? Timed.Made(invocation, () => Draw(invocation))
            : GameFile.Read<ChannelChoiceFile, ChannelChoiceGame>(invocation, file, read => read.ToGame());
        var options = _dynamics.Read(invocation, game.PlayerCount);
        var (result, seconds) = Timed.Run(invocation, Name, solving => ResponseDynamics.Run(
            game, options, solving.Progress, solving.Stop, solving.GiveUp));
        var (isStopped, interference) = (invocation.Stop.IsCancellationRequested, 2 * game.Potential);
        var crowd = new double[game.Channels];
        foreach (var channel in result.Profile)
        {
            crowd[channel]++;
        }
        return new GameOutcome
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture, $"{game.PlayerCount:#,0} pairs, {game.Channels:#,0} channels"),
            Configuration = new { Options = invocation.GivenOptions(), Dynamics = options },
            Players = game.PlayerCount,
            Solver = _dynamics.Describe(invocation),
            Certificate = result.Certificate,
            SocialCost = interference,
            WallSeconds = seconds,
            Profile = () => result.Profile,
            Figures = !isStopped && invocation.Value(_optimum) ? Optimum(invocation, game) : [],
            Baselines = Timed.Compared(invocation, () => Compare(game, interference, invocation.Seed)),
            Draw = report => report.Add(
                PlayReport.Largest("Users of the channels", "users", crowd, channel => $"channel {channel + 1}")),
        }.With(result, options.TraceEvery);
    }

    private ChannelChoiceGame Draw(Invocation invocation)
    {
        var drawn = Standard with
        {
            Users = invocation.Value(_players),
            Channels = invocation.Value(_channels),
            SideMeters = invocation.Value(_side),
            LinkMeters = invocation.Value(_link),
            TransmitWatts = invocation.Value(_power),
        };
        var gains = drawn.DrawGains(invocation.Seed);
        double[] watts = [.. Enumerable.Repeat(drawn.TransmitWatts, drawn.Users)];
        _instance.Write(invocation, () => new ChannelChoiceFile
        {
            Gains = GameFile.Rows(gains, drawn.Users),
            Watts = watts,
            Channels = drawn.Channels,
        });
        return new ChannelChoiceGame(gains, watts, drawn.Channels);
    }

    private static IReadOnlyList<GameFigure> Optimum(Invocation invocation, ChannelChoiceGame game)
    {
        var optimum = ChannelChoiceBaselines.Exact(game, MostNodes, invocation.Stop);
        var least = 2 * game.PotentialOf(optimum.Channels);
        return optimum.IsProven
            ? Anarchy.Against(2 * game.Potential, least)
            : [Anarchy.AtMost(Math.Min(least, 2 * game.Potential))];
    }

    private static Baselines Compare(ChannelChoiceGame game, double interference, ulong seed)
    {
        double Interference(int[] channels) => 2 * game.PotentialOf(channels);
        return new Baselines("equilibrium", [new("interferenceWatts", "interference of all, W")], [interference])
            .Add("greedy", Interference(ChannelChoiceBaselines.Greedy(game)))
            .Add("random", Interference(ChannelChoiceBaselines.Random(game, seed)))
            .Add("all on one channel", Interference(new int[game.PlayerCount]));
    }
}
