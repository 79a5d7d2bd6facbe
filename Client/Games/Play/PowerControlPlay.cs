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

    private readonly GameFileFlags _instance = new();

    public int Order => 90;

    public string Name => "power-control";

    public string Description =>
        "Transmitters of a cell or a cognitive radio network choose their power against interference.";

    public IEnumerable<Option> Flags =>
        [_players, _utility, _pairs, _target, _price, _most, _gain, _radius, _rounds, _simultaneous, .. _instance.All];

    public GameOutcome Play(Invocation invocation)
    {
        var file = _instance.Given(
            invocation, _players, _utility, _pairs, _target, _price, _most, _gain, _radius);
        var (options, game) = file is null ? Draw(invocation)
            : GameFile.Read<PowerControlFile, (PowerControlOptions, PowerGame)>(
                invocation, file, read => read.ToGame());
        var start = Enumerable.Repeat(options.MostWatts, options.Users).ToArray();
        var isSimultaneous = invocation.Value(_simultaneous);
        var (result, seconds) = Timed.Run(
            invocation, Name, solving => PowerDynamics.Run(
                game, start, isSimultaneous, maxRounds: invocation.Value(_rounds), progress: solving.Progress,
                stop: solving.Stop));
        var sinr = Enumerable.Range(0, options.Users).Select(user => game.Network.Sinr(user, result.Watts)).ToArray();
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users, {(options.SingleReceiver ? "one receiver" : "own receivers")}, ")
                + Utilities.Single(pair => pair.Value == options.Utility).Key,
            Configuration = new { Power = options, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = isSimultaneous ? "best response, all at once" : "best response, one after the other",
            Certificate = result.Certificate,
            SocialCost = -Enumerable.Range(0, options.Users).Sum(user => game.Utility(user, result.Watts)),
            WallSeconds = seconds,
            Profile = () => result.Watts,
            Figures = Figures(invocation, game, options, result.Watts, sinr),
            Baselines = Timed.Compared(invocation, () => Compare(game, options, result.Watts)),
            Concerns = Concerns(options, sinr),
            Draw = report => Draw(report, result, sinr),
        };
    }

    private (PowerControlOptions Options, PowerGame Game) Draw(Invocation invocation)
    {
        var options = Read(invocation);
        Refusal.With(
            invocation, $"--utility {invocation.Value(_utility)}",
            options.Utility == PowerUtility.Target ? _price : _target);
        var game = options.Draw(invocation.Seed);
        _instance.Write(invocation, () => PowerControlFile.Of(options, game.Network));
        return (options, game);
    }

    private static bool IsAtTarget(PowerControlOptions options, double ratio) =>
        Math.Abs(ratio - options.TargetSinr) <= 1e-6 * options.TargetSinr;

    private static IReadOnlyList<string> Concerns(PowerControlOptions options, double[] sinr)
    {
        var missed = sinr.Count(ratio => !IsAtTarget(options, ratio));
        return options.Utility != PowerUtility.Target || missed == 0 ? []
            : [$"{Quantity.Count(missed)} of {Quantity.Count(sinr.Length)} users miss their target"];
    }

    private static Baselines Compare(PowerGame game, PowerControlOptions options, double[] watts)
    {
        double Utility(double[] powers) =>
            Enumerable.Range(0, powers.Length).Sum(user => game.Utility(user, powers)) + 0.0;
        double Least(double[] powers) =>
            Enumerable.Range(0, powers.Length).Min(user => game.Network.Sinr(user, powers));
        double?[] Row(double[] powers) => [Utility(powers), Least(powers), powers.Sum()];
        double[] All(double power) => [.. Enumerable.Repeat(power, watts.Length)];
        return new Baselines(
                "equilibrium",
                [
                    new("utility", "utility of all", LessIsBetter: false), new("leastSinr", "least SINR", LessIsBetter: false),
                    new("totalWatts", "power of all, W"),
                ],
                [Utility(watts), Least(watts), watts.Sum()])
            .Add("all at most power", Row(All(options.MostWatts)))
            .Add("all at a tenth of it", Row(All(options.MostWatts / 10)))
            .Add("all at the mean power", Row(All(watts.Average())));
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
        Invocation invocation, PowerGame game, PowerControlOptions options, double[] watts, double[] sinr)
    {
        var targets = Enumerable.Repeat(options.TargetSinr, options.Users).ToArray();
        return
        [
            new("totalWatts", "power of all, W", watts.Sum()),
            new("leastSinr", "least SINR", sinr.Min()),
            new("meanSinr", "mean SINR", sinr.Average()),
            new("usersAtMostPower", "users at the largest power", watts.Count(power => power >= options.MostWatts)),
            .. options.Utility != PowerUtility.Target ? (IReadOnlyList<GameFigure>)[] :
            [
                new("usersAtTarget", "users at their target", sinr.Count(ratio => IsAtTarget(options, ratio))),
                new("spectralRadius", "spectral radius (below 1: all can)",
                    invocation.Stop.IsCancellationRequested ? null
                        : game.Network.SpectralRadius(targets, invocation.Stop)),
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
