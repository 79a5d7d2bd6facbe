using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
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
    private readonly GameFileFlags _instance = new();

    public int Order => 80;

    public string Name => "cross-edge";

    public string Description =>
        "Users with harvested energy split their tasks over several edge sites before a deadline (Zhao et al. 2019).";

    public IEnumerable<Option> Flags =>
        [_players, _slots, _sites, _policy, _deadline, _admitted, _requests, _weight, _battery, _data,
            .. _instance.All];

    public GameOutcome Play(Invocation invocation)
    {
        var options = Read(invocation);
        var file = _instance.Given(
            invocation, _players, _slots, _sites, _deadline, _admitted, _requests, _weight, _battery, _data);
        var recorded = file is null ? null : GameFile.Read<CrossEdgeInstance, CrossEdgeInstance>(invocation, file, read =>
        {
            read.Validate();
            options = read.Options;
            return read;
        });
        var policy = recorded is null || invocation.IsGiven(_policy) ? invocation.Value(_policy)
            : Policies.Single(named => named.Value == options.Policy).Key;
        options = options with { Policy = Policies[policy] };
        var (sites, place, run) = recorded is null
            ? Draw(invocation, options)
            : (recorded.Sites, "a file", (SelectionRunner)((policy, onSlot, stop) => CrossEdgeRun.Run(
                recorded, policy, invocation.Seed, onSlot, stop)));
        var selected = Array.Empty<int>();
        CrossEdgeResult Run(string name, Solving solving, Action<CrossEdgeState>? onSlot = null) => run(
            Policies[name],
            (slot, state, _) =>
            {
                onSlot?.Invoke(state);
                solving.Progress(new SolverProgress((slot + 1.0) / options.Slots, $"{name}, slot {slot + 1}"));
            },
            solving.Stop);
        var (result, seconds) = Timed.Run(invocation, Name, solving => Run(policy, solving, state =>
            selected = [.. state.Selections.ToArray().Select(selection => selection.Links.Length)]));
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users, {sites:#,0} sites of {place}, {result.Slots.Count:#,0} slots"),
            Configuration = new { CrossEdge = options, Data = place, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = policy,
            SeeksEquilibrium = Policies[policy] is SelectionPolicy.BestResponse or SelectionPolicy.Exchange,
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
            Baselines = Compare(invocation, policy, options, result, (name, solving) => Run(name, solving)),
            Concerns = result.DroppedTasks == 0 ? [] :
            [
                $"{Quantity.Count(result.DroppedTasks)} of {Quantity.Count(result.Tasks)} tasks were dropped "
                + $"({Quantity.Percent((double)result.DroppedTasks / result.Tasks, 1)})",
            ],
            Draw = report => Draw(report, result),
        };
    }

    /// <summary>Runs one policy on the slots of this invocation.</summary>
    private delegate CrossEdgeResult SelectionRunner(
        SelectionPolicy policy, Action<int, CrossEdgeState, CrossEdgeSlotRecord> onSlot, CancellationToken stop);

    private (int Sites, string Place, SelectionRunner Run) Draw(Invocation invocation, CrossEdgeOptions options)
    {
        var area = EdgeArea.Find(invocation, _data);
        var sites = area.FirstSites(invocation, _sites);
        var places = area.Places.Where(area.Border.Contains).ToArray();
        _instance.Write(
            invocation, () => CrossEdgeInstance.Draw(options, sites, places, area.Border, invocation.Seed));
        return (sites.Length, area.Name, (policy, onSlot, stop) => CrossEdgeRun.Run(
            options with { Policy = policy }, sites, places, area.Border, invocation.Seed, onSlot, stop));
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

    private static Baselines Compare(
        Invocation invocation, string policy, CrossEdgeOptions options, CrossEdgeResult result,
        Func<string, Solving, CrossEdgeResult> run)
    {
        string Dropped(double tasks) => $"{Quantity.Count(tasks)} of {Quantity.Count(result.Tasks)}";
        var baselines = new Baselines(
            policy,
            [
                new("averageCostMilliseconds", "cost of a task, ms"),
                new("droppedTasks", "dropped tasks", LessIsBetter: true, Dropped),
                new("batteryMillijoules", "battery, mJ", LessIsBetter: null),
            ],
            [1000 * result.AverageCostSeconds, result.DroppedTasks, 1000 * result.BatteryJoules]);
        foreach (var name in Compared.Where(name => name != policy))
        {
            var other = invocation.Stop.IsCancellationRequested ? null
                : Timed.Run(invocation, "cross-edge", solving => run(name, solving)).Result;
            if (other?.Slots.Count == result.Slots.Count)
            {
                baselines.Add(name, 1000 * other.AverageCostSeconds, other.DroppedTasks, 1000 * other.BatteryJoules);
            }
        }
        return baselines.Add("all dropped", 1000 * options.DropPenaltySeconds, result.Tasks, null);
    }

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
