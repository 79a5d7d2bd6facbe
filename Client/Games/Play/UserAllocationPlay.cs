using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Edge user allocation (He et al., IEEE TPDS 31(3), 2020).</summary>
internal sealed class UserAllocationPlay : IPlayableGame
{
    private const long MostNodes = 500_000;
    private static readonly AllocationOptions Standard = new();
    private readonly CheckedOption<int> _players = Options.Integer(
        "--players", "Users, drawn from the data.", Standard.Users, 1, 1_000_000);
    private readonly CheckedOption<int> _servers = Options.Integer(
        "--servers", "Servers, drawn from the sites.", Standard.Servers, 1, 100_000);
    private readonly CheckedOption<double> _capacity = Options.Number(
        "--capacity", "Mean capacity of a server in each of four dimensions, units.", Standard.MeanCapacity, 0, 1e6);
    private readonly CheckedOption<double> _least = Options.Number(
        "--least-coverage", "A server covers a radius from here, m.", Standard.LeastCoverageMeters, 0, 1e6);
    private readonly CheckedOption<double> _most = Options.Number(
        "--most-coverage", "Up to here, m.", Standard.MostCoverageMeters, 0, 1e6);
    private readonly CheckedOption<string> _goal = Options.Choice(
        "--goal", "What a user minds: the cost of the whole system, or its own.", "system", ["system", "own"]);
    private readonly CheckedOption<string?> _data = EdgeArea.Flag();
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum, for a few users.");
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 60;

    public string Name => "user-allocation";

    public string Description =>
        "Users choose among the edge servers that cover them; users of one server share its cost (He et al. 2020).";

    public IEnumerable<Option> Flags =>
        [_players, _servers, _capacity, _least, _most, _goal, _data, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var (area, options) = (EdgeArea.Find(invocation, _data), Read(invocation));
        var problem = AllocationProblem.Draw(
            area.SitePlaces, area.Places, options, invocation.Seed, out var sites, out var users);
        var game = new AllocationGame(problem, options.Goal);
        var isAsked = _dynamics.AreGiven(invocation);
        var dynamics = _dynamics.Read(invocation, options.Users);
        var (result, seconds) = Timed.Run(invocation, () => isAsked
            ? ResponseDynamics.Run(game, dynamics)
            : AllocationProtocol.Run(game, invocation.Seed, traceEvery: dynamics.TraceEvery));
        var (outcome, servers) = (AllocationOutcome.Of(game.State), game.State.Servers.ToArray());
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{options.Users:#,0} users and {options.Servers:#,0} servers of {area.Name}"),
            Configuration = new { Allocation = options, Data = area.Name, Options = invocation.GivenOptions() },
            Players = options.Users,
            Solver = isAsked ? _dynamics.Describe(invocation) : "one winner per slot",
            Certificate = result.Certificate,
            SocialCost = outcome.SystemCost,
            WallSeconds = seconds,
            Profile = () => servers,
            Figures =
            [
                new("allocatedUsers", "allocated users", outcome.AllocatedUsers),
                new("serversUsed", "servers used", outcome.ServersUsed),
                new("systemCost", "system cost", outcome.SystemCost),
                new("userBenefit", "saved by sharing", outcome.UserBenefit),
                new("coveredUsers", "covered users", problem.Coverage.CoveredUsers),
                .. invocation.Value(_optimum) ? Optimum(problem, servers, outcome) : [],
            ],
            Comparison = Compare(problem, outcome, invocation.Seed),
            Draw = report => report.Add(PlayReport.Sorted("Users of the servers", "servers, fullest first", "users",
                    [("equilibrium", game.State.Counts.ToArray().Select(count => (double)count))]))
                .Add(AllocationMap.Of(area, sites, users, servers)),
        }.With(result, dynamics.TraceEvery);
    }

    private AllocationOptions Read(Invocation invocation) => Standard with
    {
        Users = invocation.Value(_players),
        Servers = invocation.Value(_servers),
        MeanCapacity = invocation.Value(_capacity),
        LeastCoverageMeters = invocation.Value(_least),
        MostCoverageMeters = invocation.Value(_most),
        Goal = invocation.Value(_goal) == "system" ? AllocationGoal.SystemCost : AllocationGoal.OwnCost,
    };

    private static IReadOnlyList<GameFigure> Optimum(
        AllocationProblem problem, int[] servers, AllocationOutcome outcome)
    {
        var optimum = AllocationExactSearch.Solve(problem, servers, MostNodes);
        return optimum.IsProven
            ?
            [
                new("optimumAllocatedUsers", "allocated users of the optimum", optimum.Outcome.AllocatedUsers),
                .. Anarchy.Against(outcome.SystemCost, optimum.Outcome.SystemCost),
            ]
            : [new("optimumAtMost", "optimum, at most (search not finished)", optimum.Outcome.SystemCost)];
    }

    private static ReportTable Compare(AllocationProblem problem, AllocationOutcome equilibrium, ulong seed)
    {
        (string Name, AllocationOutcome Outcome)[] outcomes =
        [
            ("equilibrium", equilibrium),
            ("greedy", AllocationOutcome.Of(new AllocationState(problem, AllocationBaselines.Greedy(problem, seed)))),
            ("random", AllocationOutcome.Of(new AllocationState(problem, AllocationBaselines.Random(problem, seed)))),
        ];
        return new ReportTable(["", "allocated users", "servers used", "system cost"],
        [
            .. outcomes.Select(one => (string[])
            [
                one.Name, Quantity.Count(one.Outcome.AllocatedUsers), Quantity.Count(one.Outcome.ServersUsed),
                PlayText.Number(one.Outcome.SystemCost),
            ]),
        ])
        {
            Title = "Beside the baselines",
        };
    }
}
