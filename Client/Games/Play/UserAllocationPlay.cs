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
        "--capacity", "Mean capacity of a server in each of four dimensions, units.", Standard.MeanCapacity, 0, 1e6,
        aboveLeast: true);
    private readonly CheckedOption<double> _least = Options.Number(
        "--least-coverage", "A server covers a radius from here, m.", Standard.LeastCoverageMeters, 0, 1e6);
    private readonly CheckedOption<double> _most = Options.Number(
        "--most-coverage", "Up to here, m.", Standard.MostCoverageMeters, 0, 1e6);
    private readonly CheckedOption<string> _goal = Options.Choice(
        "--goal", "What a user minds: the cost of the whole system, or its own.", "system", ["system", "own"]);
    private readonly CheckedOption<string?> _data = EdgeArea.Flag();
    private readonly Option<bool> _optimum = Options.Switch("--optimum", "Also the optimum, for a few users.");
    private readonly GameFileFlags _instance = new();
    private readonly DynamicsFlags _dynamics = new();

    public int Order => 60;

    public string Name => "user-allocation";

    public string Description =>
        "Users choose among the edge servers that cover them; users of one server share its cost (He et al. 2020).";

    public IEnumerable<Option> Flags =>
        [_players, _servers, _capacity, _least, _most, _goal, _data, .. _instance.All, _optimum, .. _dynamics.All];

    public GameOutcome Play(Invocation invocation)
    {
        var options = Read(invocation);
        var file = _instance.Given(invocation, _players, _servers, _capacity, _least, _most, _data);
        var (problem, place, map) = file is null ? Draw(invocation, options)
            : (GameFile.Read<AllocationFile, AllocationProblem>(invocation, file, read => read.ToProblem()),
                "a file", null);
        var game = new AllocationGame(problem, options.Goal);
        var isAsked = _dynamics.AreGiven(invocation);
        var dynamics = _dynamics.Read(invocation, problem.Users);
        var (result, seconds) = Timed.Run(invocation, Name, solving => isAsked
            ? ResponseDynamics.Run(game, dynamics, solving.Progress, solving.Stop, solving.GiveUp)
            : AllocationProtocol.Run(
                game, invocation.Seed, traceEvery: dynamics.TraceEvery, progress: solving.Progress,
                stop: solving.Stop, giveUp: solving.GiveUp));
        var isStopped = invocation.Stop.IsCancellationRequested;
        var (outcome, servers) = (AllocationOutcome.Of(game.State), game.State.Servers.ToArray());
        return new GameOutcome
        {
            Setting = string.Create(CultureInfo.InvariantCulture,
                $"{problem.Users:#,0} users and {problem.Servers:#,0} servers of {place}"),
            Configuration = new { Allocation = options, Data = place, Options = invocation.GivenOptions() },
            Players = problem.Users,
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
                .. !isStopped && invocation.Value(_optimum) ? Optimum(invocation, problem, servers, outcome) : [],
            ],
            Baselines = Timed.Compared(invocation, () => Compare(problem, outcome, invocation.Seed)),
            Concerns = Concerns(problem, outcome),
            Draw = report =>
            {
                report.Add(PlayReport.Sorted("Users of the servers", "servers, fullest first", "users",
                    [("equilibrium", game.State.Counts.ToArray().Select(count => (double)count))]));
                if (map is not null)
                {
                    report.Add(map(servers));
                }
            },
        }.With(result, dynamics.TraceEvery);
    }

    private (AllocationProblem Problem, string Place, Func<int[], Reporting.MapChart>? Map) Draw(
        Invocation invocation, AllocationOptions options)
    {
        var area = EdgeArea.Find(invocation, _data);
        var problem = AllocationProblem.Draw(
            area.SitePlaces, area.Places, options, invocation.Seed, out var sites, out var users);
        _instance.Write(invocation, () => AllocationFile.Of(problem, options));
        return (problem, area.Name, servers => AllocationMap.Of(area, sites, users, servers));
    }

    private static IReadOnlyList<string> Concerns(AllocationProblem problem, AllocationOutcome outcome)
    {
        var left = problem.Users - outcome.AllocatedUsers;
        var uncovered = problem.Users - problem.Coverage.CoveredUsers;
        return left == 0 ? []
            :
            [
                $"{Quantity.Count(left)} of {Quantity.Count(problem.Users)} users have no server"
                + (uncovered == 0 ? "" : $", {Quantity.Count(uncovered)} of them because none covers them"),
            ];
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
        Invocation invocation, AllocationProblem problem, int[] servers, AllocationOutcome outcome)
    {
        var optimum = AllocationExactSearch.Solve(problem, servers, MostNodes, invocation.Stop);
        return optimum.IsProven
            ?
            [
                new("optimumAllocatedUsers", "allocated users of the optimum", optimum.Outcome.AllocatedUsers),
                .. Anarchy.Against(outcome.SystemCost, optimum.Outcome.SystemCost),
            ]
            : [Anarchy.AtMost(optimum.Outcome.SystemCost)];
    }

    private static Baselines Compare(AllocationProblem problem, AllocationOutcome equilibrium, ulong seed)
    {
        var baselines = new Baselines(
            "equilibrium",
            [
                new("allocatedUsers", "allocated users", LessIsBetter: false, Quantity.Count),
                new("serversUsed", "servers used", LessIsBetter: null, Quantity.Count),
                new("systemCost", "system cost"),
            ],
            [equilibrium.AllocatedUsers, equilibrium.ServersUsed, equilibrium.SystemCost]);
        foreach (var (name, servers) in new (string, int[])[]
        {
            ("greedy", AllocationBaselines.Greedy(problem, seed)),
            ("random", AllocationBaselines.Random(problem, seed)),
            ("nobody allocated", [.. Enumerable.Repeat(AllocationState.None, problem.Users)]),
        })
        {
            var outcome = AllocationOutcome.Of(new AllocationState(problem, servers));
            baselines.Add(name, outcome.AllocatedUsers, outcome.ServersUsed, outcome.SystemCost);
        }
        return baselines;
    }
}
