using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.PowerControl;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Users choose their sending power.</summary>
internal sealed class PowerControlPlay : IPlayableGame
{
    private static readonly PowerControlOptions Standard = new();
    private static readonly Dictionary<string, PowerUtility> Utilities = new()
    {
        ["target"] = PowerUtility.Target,
        ["log-sinr"] = PowerUtility.LogSinr,
        ["rate"] = PowerUtility.Rate,
    };

    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Transmitters.", Standard.Users, 1, 2_000);
    private readonly CheckedOption<string> _utility = Options.Choice(
        "--utility", "What users want: an SINR at the target, ln SINR or ln(1 + SINR) less a price.", "target",
        Utilities.Keys);
    private readonly Option<bool> _pairs = Options.Switch(
        "--own-receivers", "Each user has a receiver nearby; else all send to one in the middle.");
    private readonly CheckedOption<double> _target = Options.Number(
        "--target", "Target SINR, a ratio.", Standard.TargetSinr, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<double> _price = Options.Number(
        "--price", "Price of a watt.", Standard.PricePerWatt, 0, 1e12, aboveLeast: true);
    private readonly CheckedOption<double> _most = Options.Number(
        "--most-power", "Largest power, W.", Standard.MostWatts, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<double> _gain = Options.Number(
        "--processing-gain", "G.", Standard.ProcessingGain, 0, 1e9, aboveLeast: true);
    private readonly CheckedOption<double> _radius = Options.Number(
        "--radius", "Transmitters are in a disk of this radius, m.", Standard.RadiusMeters, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<int> _rounds = Options.Integer(
        "--max-rounds", "Rounds after which it gives up.", 100_000, 1, 100_000_000);
    private readonly Option<bool> _simultaneous = Options.Switch(
        "--simultaneous", "All users respond to the last round at once.");

    public int Order => 90;

    public string Name => "power-control";

    public string Description =>
        "Transmitters of a cell or a cognitive radio network choose their power against interference.";

    public IEnumerable<Option> Flags =>
        [_players, _utility, _pairs, _target, _price, _most, _gain, _radius, _rounds, _simultaneous];

    public GameOutcome Play(Invocation invocation)
    {
        var options = Read(invocation);
        var game = options.Draw(invocation.Seed);
        var start = Enumerable.Repeat(options.MostWatts, options.Users).ToArray();
        var isSimultaneous = invocation.Value(_simultaneous);
        var (result, seconds) = Timed.Run(
            invocation, () => PowerDynamics.Run(game, start, isSimultaneous, maxRounds: invocation.Value(_rounds)));
        var sinr = Enumerable.Range(0, options.Users).Select(user => game.Network.Sinr(user, result.Watts)).ToArray();
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users, {(options.SingleReceiver ? "one receiver" : "own receivers")}, ")
                + invocation.Value(_utility),
            Configuration = new { Power = options, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = isSimultaneous ? "best response, all at once" : "best response, one after the other",
            Certificate = result.Certificate,
            SocialCost = -Enumerable.Range(0, options.Users).Sum(user => game.Utility(user, result.Watts)),
            WallSeconds = seconds,
            Profile = () => result.Watts,
            Figures = Figures(game, options, result.Watts, sinr),
            Draw = report => Draw(report, result, sinr),
        };
    }

    private PowerControlOptions Read(Invocation invocation) => Standard with
    {
        Users = invocation.Value(_players),
        SingleReceiver = !invocation.Value(_pairs),
        Utility = Utilities[invocation.Value(_utility)],
        TargetSinr = invocation.Value(_target),
        PricePerWatt = invocation.Value(_price),
        MostWatts = invocation.Value(_most),
        ProcessingGain = invocation.Value(_gain),
        RadiusMeters = invocation.Value(_radius),
        NearestMeters = Math.Min(Standard.NearestMeters, invocation.Value(_radius)),
    };

    private static IReadOnlyList<GameFigure> Figures(
        PowerGame game, PowerControlOptions options, double[] watts, double[] sinr)
    {
        bool IsAtTarget(double ratio) => Math.Abs(ratio - options.TargetSinr) <= 1e-6 * options.TargetSinr;
        var targets = Enumerable.Repeat(options.TargetSinr, options.Users).ToArray();
        return
        [
            new("totalWatts", "power of all, W", watts.Sum()),
            new("leastSinr", "least SINR", sinr.Min()),
            new("meanSinr", "mean SINR", sinr.Average()),
            new("usersAtMostPower", "users at the largest power", watts.Count(power => power >= options.MostWatts)),
            .. options.Utility != PowerUtility.Target ? (IReadOnlyList<GameFigure>)[] :
            [
                new("usersAtTarget", "users at their target", sinr.Count(IsAtTarget)),
                new("spectralRadius", "spectral radius (below 1: all can)", game.Network.SpectralRadius(targets)),
            ],
        ];
    }

    private static void Draw(ReportBuilder report, PowerResult result, double[] sinr)
    {
        var rounds = Enumerable.Range(1, result.Trace.Length).Select(round => (double)round).ToArray();
        report.Add(new LineChart(
                "Convergence", new Axis("round"), new Axis("largest relative change of a power", AxisScale.Log),
                [new Series("change", rounds, result.Trace)]))
            .Add(PlayReport.Sorted("Powers", "users, loudest first", "W", [("power", result.Watts)]))
            .Add(PlayReport.Sorted("SINR", "users, best first", "SINR", [("SINR", sinr)]));
    }
}
