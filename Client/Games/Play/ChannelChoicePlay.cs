using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
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
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 100;

    public string Name => "channel-choice";

    public string Description =>
        "Radios choose channels by the interference that they suffer and cause (Nie, Comaniciu 2006).";

    public IEnumerable<Option> Flags => [_players, _channels, _side, _link, _power, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var drawn = Standard with
        {
            Users = invocation.Value(_players),
            Channels = invocation.Value(_channels),
            SideMeters = invocation.Value(_side),
            LinkMeters = invocation.Value(_link),
            TransmitWatts = invocation.Value(_power),
        };
        var game = drawn.Draw(invocation.Seed);
        var options = _dynamics.Read(invocation, drawn.Users);
        var (result, seconds) = Timed.Run(invocation, () => ResponseDynamics.Run(game, options));
        var crowd = new double[drawn.Channels];
        foreach (var channel in result.Profile)
        {
            crowd[channel]++;
        }
        return new GameOutcome
        {
            Setting = string.Create(
                CultureInfo.InvariantCulture, $"{drawn.Users:#,0} pairs, {drawn.Channels:#,0} channels"),
            Configuration = new { Channels = drawn, Options = invocation.GivenOptions(), Dynamics = options },
            Players = drawn.Users,
            Solver = _dynamics.Describe(invocation),
            Certificate = result.Certificate,
            SocialCost = 2 * game.Potential,
            WallSeconds = seconds,
            Profile = () => result.Profile,
            Figures = invocation.Value(_optimum) ? Optimum(game) : [],
            Comparison = Compare(game, invocation.Seed),
            Draw = report => report.Add(
                PlayReport.Largest("Users of the channels", "users", crowd, channel => $"channel {channel + 1}")),
        }.With(result, options.TraceEvery);
    }

    private static IReadOnlyList<GameFigure> Optimum(ChannelChoiceGame game)
    {
        var optimum = ChannelChoiceBaselines.Exact(game, MostNodes);
        var least = 2 * optimum.Potential * game.UnitWatts;
        return optimum.IsProven
            ? Anarchy.Against(2 * game.Potential, least)
            : [new("optimumAtMost", "optimum, at most (search not finished)", Math.Min(least, 2 * game.Potential))];
    }

    private static ReportTable Compare(ChannelChoiceGame game, ulong seed)
    {
        string Interference(int[] channels) =>
            PlayText.Number(2 * ChannelChoiceBaselines.PotentialOf(game, channels) * game.UnitWatts);
        return new ReportTable(["", "interference of all, W"],
        [
            ["equilibrium", PlayText.Number(2 * game.Potential)],
            ["greedy", Interference(ChannelChoiceBaselines.Greedy(game))],
            ["random", Interference(ChannelChoiceBaselines.Random(game, seed))],
        ])
        {
            Title = "Beside the baselines",
        };
    }
}
