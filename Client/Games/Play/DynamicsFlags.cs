using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Client.Games.Play;

/// <summary>The options of best and better response, as several games take them.</summary>
internal sealed class DynamicsFlags
{
    private const string RoundRobin = "round-robin";

    private static readonly Dictionary<string, MoveSchedule> Schedules = new()
    {
        [RoundRobin] = MoveSchedule.RoundRobin,
        ["random"] = MoveSchedule.Random,
        ["largest-gain"] = MoveSchedule.LargestGain,
        ["independent-sets"] = MoveSchedule.IndependentSets,
        ["one-winner"] = MoveSchedule.OneWinnerPerSlot,
    };

    private readonly CheckedOption<string> _schedule = Options.Choice(
        "--schedule", "Who moves when (default: as is fastest for the game, else round-robin).", RoundRobin, Schedules.Keys);
    private readonly CheckedOption<string> _response = Options.Choice(
        "--response", "The cheapest strategy, or the first that is better.", "best", ["best", "better"]);
    private readonly CheckedOption<double> _epsilon = Options.Number(
        "--epsilon", "A move must gain more than this.", 0, 0, 1e300);
    private readonly CheckedOption<double> _relative = Options.Number(
        "--relative-epsilon", "A move must gain more than this share of the cost.", 0, 0, 0.999);
    private readonly CheckedOption<long> _steps = Options.Long(
        "--max-steps", "Moves after which it gives up.", 1_000_000_000, 1);

    public DynamicsFlags() => _schedule.DefaultValueFactory = null;

    public IReadOnlyList<Option> All => [_schedule, _response, _epsilon, _relative, _steps];

    /// <summary>
    /// Whether the user asked for a schedule, a rule or a limit, so that a faster solver will not do.
    /// </summary>
    public bool AreGiven(Invocation invocation) => All.Any(invocation.IsGiven);

    /// <summary>How the moves are made, in words.</summary>
    public string Describe(Invocation invocation) =>
        $"{invocation.Value(_response)} response, {Schedule(invocation)}";

    /// <summary>The options, with a trace of some hundred points.</summary>
    /// <param name="players">Sets how often the potential is recorded.</param>
    /// <exception cref="OrleansEdgeException">Two options contradict each other (64).</exception>
    public DynamicsOptions Read(Invocation invocation, int players)
    {
        if (invocation.Value(_epsilon) > 0 && invocation.Value(_relative) > 0)
        {
            throw OrleansEdgeException.Usage($"{_relative.Name} is given with {_epsilon.Name}; expected one of the two");
        }
        return new DynamicsOptions
        {
            Schedule = Schedules[Schedule(invocation)],
            Response = invocation.Value(_response) == "best" ? ResponseRule.Best : ResponseRule.Better,
            Epsilon = invocation.Value(_epsilon),
            RelativeEpsilon = invocation.Value(_relative),
            MaxSteps = invocation.Value(_steps),
            Seed = invocation.Seed,
            TraceEvery = Math.Max(1, players / 200),
        };
    }

    private string Schedule(Invocation invocation) => invocation.Value(_schedule) ?? RoundRobin;
}
