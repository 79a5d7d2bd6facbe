using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.ServicePlacement;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Services that follow their users over slots (Ouyang, Zhou, Chen, IEEE JSAC 36(10), 2018).</summary>
internal sealed class ServicePlacementPlay : IPlayableGame
{
    private const int MostSites = 1_000;
    private static readonly ServicePlacementOptions Standard = new();
    private static readonly Dictionary<string, PlacementPolicy> Policies = new()
    {
        ["best-response"] = PlacementPolicy.BestResponse,
        ["markov"] = PlacementPolicy.MarkovApproximation,
        ["exact"] = PlacementPolicy.Exact,
        ["always-migrate"] = PlacementPolicy.AlwaysMigrate,
        ["never-migrate"] = PlacementPolicy.NeverMigrate,
        ["random"] = PlacementPolicy.Random,
        ["latency-only"] = PlacementPolicy.LatencyOnly,
        ["greedy"] = PlacementPolicy.Greedy,
    };

    private static readonly string[] Compared =
        ["best-response", "always-migrate", "never-migrate", "latency-only", "greedy", "random"];
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Users, each with one service.", Standard.Users, 1, 10_000);
    private readonly CheckedOption<int> _slots = Options.Integer("--slots", "Slots.", Standard.Slots, 1, 100_000);
    private readonly CheckedOption<int> _sites = Options.Integer(
        "--sites", "Edge sites, the first of the data.", 20, 1, MostSites);
    private readonly CheckedOption<string> _policy = Options.Choice(
        "--policy", "How the placement of a slot is found.", "best-response", Policies.Keys);
    private readonly CheckedOption<double> _weight = Options.Number(
        "--latency-weight", "V: a second of latency against the backlog.", Standard.LatencyWeight, 0, 1e12,
        aboveLeast: true);
    private readonly CheckedOption<double> _budget = Options.Number(
        "--budget", "What all migrations of a slot may cost in the long run.", Standard.MigrationBudget, 0, 1e12);
    private readonly CheckedOption<double> _speed = Options.Number(
        "--speed", "The fastest users walk or drive this fast, m/s.", Standard.MostSpeedMetersPerSecond, 1, 1000);
    private readonly CheckedOption<string?> _data = EdgeArea.Flag();
    private readonly GameFileFlags _instance = new();

    public int Order => 70;

    public string Name => "service-placement";

    public string Description =>
        "Services follow their users between edge sites under a long-run budget for migrations (Ouyang et al. 2018).";

    public IEnumerable<Option> Flags =>
        [_players, _slots, _sites, _policy, _weight, _budget, _speed, _data, .. _instance.All];

    public GameOutcome Play(Invocation invocation)
    {
        var options = Read(invocation);
        var file = _instance.Given(invocation, _players, _slots, _sites, _weight, _budget, _speed, _data);
        var recorded = file is null ? null
            : GameFile.Read<ServicePlacementInstance, ServicePlacementInstance>(invocation, file, read =>
            {
                options = read.OptionsOf(options) with { Policy = read.Policy ?? options.Policy };
                options.Validate();
                return read;
            });
        var policy = recorded is null || invocation.IsGiven(_policy) ? invocation.Value(_policy)
            : Policies.Single(named => named.Value == options.Policy).Key;
        options = options with { Policy = Policies[policy] };
        var (sites, place, run) = recorded is null
            ? Draw(invocation, options)
            : (recorded.SiteCyclesPerSecond.Length, "a file", (PlacementRunner)((policy, onSlot, stop) => ServicePlacementRun.Run(
                options with { Policy = policy }, recorded, invocation.Seed, onSlot, stop)));
        ServicePlacementResult Run(string name, Solving solving) => run(
            Policies[name],
            (slot, _, _) => solving.Progress(new SolverProgress((slot + 1.0) / options.Slots, $"{name}, slot {slot + 1}")),
            solving.Stop);
        var (result, seconds) = Timed.Run(invocation, Name, solving => Run(policy, solving));
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users, {sites:#,0} sites of {place}, {result.Slots.Count:#,0} slots"),
            Configuration = new { Placement = options, Data = place, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = policy,
            SeeksEquilibrium = options.Policy == PlacementPolicy.BestResponse,
            Certificate = result.Certificate,
            SocialCost = result.Slots.Sum(slot => slot.LatencySeconds),
            WallSeconds = seconds,
            Profile = () => result.Placement,
            Figures = Figures(result, options),
            Baselines = Compare(invocation, policy, result, Run),
            Concerns = result.AverageMigrationCost > options.MigrationBudget
                ?
                [
                    $"migrations cost {PlayText.Number(result.AverageMigrationCost)} a slot, over the budget of "
                    + $"{PlayText.Number(options.MigrationBudget)}; the backlog at the end is "
                    + PlayText.Number(result.Backlog),
                ]
                : [],
            Draw = report => Draw(report, result, options.MigrationBudget),
        };
    }

    private (int Sites, string Place, PlacementRunner Run) Draw(Invocation invocation, ServicePlacementOptions options)
    {
        var area = EdgeArea.Find(invocation, _data);
        var sites = area.FirstSites(invocation, _sites);
        _instance.Write(
            invocation, () => ServicePlacementInstance.Draw(options, sites, area.Border, invocation.Seed));
        return (sites.Length, area.Name, (policy, onSlot, stop) => ServicePlacementRun.Run(
            options with { Policy = policy }, sites, area.Border, invocation.Seed, onSlot, stop));
    }

    private ServicePlacementOptions Read(Invocation invocation) => Standard with
    {
        Users = invocation.Value(_players),
        Slots = invocation.Value(_slots),
        Policy = Policies[invocation.Value(_policy)],
        LatencyWeight = invocation.Value(_weight),
        MigrationBudget = invocation.Value(_budget),
        MostSpeedMetersPerSecond = invocation.Value(_speed),
    };

    private static IReadOnlyList<GameFigure> Figures(ServicePlacementResult result, ServicePlacementOptions options) =>
    [
        new("averageLatencySeconds", "latency of a user, s", result.AverageLatencySeconds),
        new("averageMigrationCost", "migration cost of a slot", result.AverageMigrationCost),
        new("backlog", "backlog at the end", result.Backlog),
        new("migrations", "migrations", result.Slots.Sum(slot => slot.Migrations)),
        new(
            "latencyGapAtMost", "latency of all over the best possible, at most (B / V), s",
            result.DriftConstant / options.LatencyWeight),
    ];

    private static Baselines Compare(
        Invocation invocation, string policy, ServicePlacementResult result,
        Func<string, Solving, ServicePlacementResult> run)
    {
        var baselines = new Baselines(
            policy,
            [
                new("averageLatencyMilliseconds", "latency of a user, ms"),
                new("averageMigrationCost", "migration cost of a slot"), new("backlog", "backlog"),
            ],
            [1000 * result.AverageLatencySeconds, result.AverageMigrationCost, result.Backlog]);
        foreach (var name in Compared.Where(name => name != policy))
        {
            var other = invocation.Stop.IsCancellationRequested ? null
                : Timed.Run(invocation, "service-placement", solving => run(name, solving)).Result;
            if (other?.Slots.Count == result.Slots.Count)
            {
                baselines.Add(name, 1000 * other.AverageLatencySeconds, other.AverageMigrationCost, other.Backlog);
            }
        }
        return baselines;
    }

    /// <summary>Runs one policy on the slots of this invocation.</summary>
    private delegate ServicePlacementResult PlacementRunner(
        PlacementPolicy policy, Action<int, PlacementGame, PlacementSlotRecord> onSlot, CancellationToken stop);

    private static void Draw(ReportBuilder report, ServicePlacementResult result, double budget)
    {
        double[] Of(Func<PlacementSlotRecord, double> value) => [.. result.Slots.Select(value)];
        report.Add(PlayReport.OverSlots("Latency of all users", "s", ("latency", Of(slot => slot.LatencySeconds))))
            .Add(PlayReport.OverSlots("Migration cost", "cost", ("migration cost", Of(slot => slot.MigrationCost))) with
            {
                References = [new Reference("budget", budget)],
            })
            .Add(PlayReport.OverSlots("Backlog of migrations", "backlog", ("backlog", Of(slot => slot.Backlog))));
    }
}
