using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.CrossEdge;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Cross-edge offloading with energy harvesting (Zhao, Deng, Zhang, Du, He, Yin, ICWS 2019).</summary>
internal sealed class CrossEdgePlay : IPlayableGame
{
    private static readonly CrossEdgeOptions Standard = new();
    private static readonly Dictionary<string, SelectionPolicy> Policies = new()
    {
        ["best-response"] = SelectionPolicy.BestResponse,
        ["exchange"] = SelectionPolicy.Exchange,
        ["racos"] = SelectionPolicy.Racos,
        ["exact"] = SelectionPolicy.Exact,
        ["random"] = SelectionPolicy.Random,
        ["fewest-sites"] = SelectionPolicy.FewestSites,
        ["fastest-sites"] = SelectionPolicy.FastestSites,
    };

    private static readonly string[] Compared =
        ["best-response", "exchange", "fewest-sites", "fastest-sites", "random"];
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Users, drawn from the data.", Standard.Users, 1, 100_000);
    private readonly CheckedOption<int> _slots = Options.Integer("--slots", "Slots.", Standard.Slots, 1, 100_000);
    private readonly CheckedOption<int> _sites = Options.Integer(
        "--sites", "Edge sites, the first of the data.", 125, 1, 100_000);
    private readonly CheckedOption<string> _policy = Options.Choice(
        "--policy", "How the sites of a slot are selected.", "best-response", Policies.Keys);
    private readonly CheckedOption<double> _deadline = Options.Number(
        "--deadline", "A task is dropped rather than later than this, s.", Standard.DeadlineSeconds, 0, 3600,
        aboveLeast: true);
    private readonly CheckedOption<int> _admitted = Options.Integer(
        "--users-per-site", "Users that a site admits in a slot.", Standard.MostUsersPerSite, 1, 100_000);
    private readonly CheckedOption<double> _requests = Options.Number(
        "--request-probability", "That a user has a task in a slot.", Standard.RequestProbability, 0, 1);
    private readonly CheckedOption<double> _weight = Options.Number(
        "--cost-weight", "V: weight of a second of cost, J^2/s.", Standard.CostWeight, 0, 1e6, aboveLeast: true);
    private readonly CheckedOption<double> _battery = Options.Number(
        "--battery", "Battery at first, as a share of theta; the released code's 0.5 offloads nothing for 80 slots.",
        1, 0, 1);
    private readonly CheckedOption<string?> _data = EdgeArea.Flag();

    public int Order => 80;

    public string Name => "cross-edge";

    public string Description =>
        "Users with harvested energy split their tasks over several edge sites before a deadline (Zhao et al. 2019).";

    public IEnumerable<Option> Flags =>
        [_players, _slots, _sites, _policy, _deadline, _admitted, _requests, _weight, _battery, _data];

    public GameOutcome Play(Invocation invocation)
    {
        var (area, options) = (EdgeArea.Find(invocation, _data), Read(invocation));
        var sites = area.SitePlaces[..Math.Min(area.Sites.Length, invocation.Value(_sites))];
        var places = area.Places.Where(area.Border.Contains).ToArray();
        var selected = Array.Empty<int>();
        CrossEdgeResult Run(SelectionPolicy policy, Action<int, CrossEdgeState, CrossEdgeSlotRecord>? onSlot = null) =>
            CrossEdgeRun.Run(options with { Policy = policy }, sites, places, area.Border, invocation.Seed, onSlot);
        var (result, seconds) = Timed.Run(invocation, () => Run(
            options.Policy,
            (_, state, _) => selected = [.. state.Selections.ToArray().Select(selection => selection.Links.Length)]));
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users, {sites.Length:#,0} sites of {area.Name}, {options.Slots:#,0} slots"),
            Configuration = new { CrossEdge = options, Data = area.Name, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = invocation.Value(_policy),
            SeeksEquilibrium = options.Policy is SelectionPolicy.BestResponse or SelectionPolicy.Exchange,
            Certificate = result.Certificate,
            SocialCost = result.Slots.Sum(slot => slot.CostSeconds),
            WallSeconds = seconds,
            Profile = () => selected,
            Figures =
            [
                new("averageCost", "cost of a task, s", result.AverageCostSeconds),
                new("tasks", "tasks", result.Tasks),
                new("droppedTasks", "dropped tasks", result.DroppedTasks),
                new("batteryJoules", "battery at the end, J", result.BatteryJoules),
                new("batteryThresholdJoules", "theta, J", result.BatteryThresholdJoules),
            ],
            Comparison = Compare(invocation.Value(_policy), result, name => Run(Policies[name])),
            Draw = report => Draw(report, result),
        };
    }

    private CrossEdgeOptions Read(Invocation invocation) => Standard with
    {
        Users = invocation.Value(_players),
        Slots = invocation.Value(_slots),
        Policy = Policies[invocation.Value(_policy)],
        DeadlineSeconds = invocation.Value(_deadline),
        MostUsersPerSite = invocation.Value(_admitted),
        RequestProbability = invocation.Value(_requests),
        CostWeight = invocation.Value(_weight),
        StartBatteryShare = invocation.Value(_battery),
    };

    private static ReportTable Compare(string policy, CrossEdgeResult result, Func<string, CrossEdgeResult> run) =>
        new(["", "cost of a task, ms", "dropped tasks", "battery, mJ"],
        [
            .. Compared.Where(name => name != policy).Select(name => (Name: name, Result: run(name)))
                .Prepend((Name: policy, Result: result)).Select(one => (string[])
                [
                    one.Name, PlayText.Number(1000 * one.Result.AverageCostSeconds),
                    $"{Quantity.Count(one.Result.DroppedTasks)} of {Quantity.Count(one.Result.Tasks)}",
                    PlayText.Number(1000 * one.Result.BatteryJoules),
                ]),
        ])
        {
            Title = "Beside other policies",
        };

    private static void Draw(ReportBuilder report, CrossEdgeResult result)
    {
        double CostOfTask(CrossEdgeSlotRecord slot) => slot.CostSeconds / Math.Max(1, slot.Tasks);
        double[] Of(Func<CrossEdgeSlotRecord, double> value) => [.. result.Slots.Select(value)];
        report.Add(PlayReport.OverSlots(
                "Tasks", "tasks", ("tasks", Of(slot => slot.Tasks)), ("dropped", Of(slot => slot.Dropped))))
            .Add(PlayReport.OverSlots("Cost of a task", "s", ("cost", Of(CostOfTask))))
            .Add(PlayReport.OverSlots("Mean battery", "J", ("battery", Of(slot => slot.MeanBatteryJoules))) with
            {
                References = [new Reference("theta", result.BatteryThresholdJoules)],
            });
    }
}
