namespace OrleansEdge.Core.Games.Schedules;

/// <summary>One run of a dynamics: what is counted, and the moves that its rule accepts.</summary>
internal sealed class DynamicsRun(
    IFiniteGame game, DynamicsOptions options, Action<SolverProgress>? progress, CancellationToken stop)
{
    private const int TurnsBetweenReports = 1 << 12;
    private readonly List<double> _trace = [];
    private int _turns;

    public IFiniteGame Game => game;

    public DynamicsOptions Options => options;

    public long Steps { get; private set; }

    public long Slots { get; set; }

    public long Messages { get; set; }

    public long Requests { get; set; }

    public double[] Trace => [.. _trace];

    /// <summary>Whether the run must end before another move, and why; null to go on.</summary>
    public StopReason? Ending => stop.IsCancellationRequested ? StopReason.Stopped
        : Steps >= options.MaxSteps ? StopReason.StepLimit
        : null;

    /// <summary>Whether the user has asked to stop.</summary>
    public bool IsStopped => stop.IsCancellationRequested;

    /// <summary>The move that the rule lets this player make now, if it has one that gains enough for certain.</summary>
    public bool TryRespond(int player, out Response response)
    {
        if (++_turns % TurnsBetweenReports == 0)
        {
            progress?.Invoke(new SolverProgress(
                double.NaN, FormattableString.Invariant($"{Steps:#,0} moves, slot {Slots:#,0}")));
        }
        var now = new StrategyCost(game.Strategy(player), game.Cost(player));
        var least = Math.Max(options.Epsilon, options.RelativeEpsilon * Math.Abs(now.Cost));
        var move = options.Response == ResponseRule.Best ? game.BestResponse(player) : BetterResponse(player, now, least);
        var gain = now.Cost - move.Cost;
        if (double.IsNaN(gain))
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"player {player}: cost {now.Cost} against {move.Cost} of strategy {move.Strategy}; expected numbers"));
        }
        response = new Response(player, move.Strategy, gain);
        return move.Strategy != now.Strategy
            && (least == 0 || CostComparison.Gains(game, player, move, now, least));
    }

    public void Apply(Response response)
    {
        game.Move(response.Player, response.Strategy);
        Steps++;
        if (options.TraceEvery > 0 && Steps % options.TraceEvery == 0)
        {
            Record();
        }
    }

    /// <summary>Appends the potential, or the sum of the costs, to the trace if one is wanted.</summary>
    public void Record()
    {
        if (options.TraceEvery > 0)
        {
            _trace.Add(game is IPotentialGame potential ? potential.Potential : SocialCost.Of(game));
        }
    }

    public int[] Profile()
    {
        var profile = new int[game.PlayerCount];
        for (var player = 0; player < profile.Length; player++)
        {
            profile[player] = game.Strategy(player);
        }
        return profile;
    }

    private StrategyCost BetterResponse(int player, StrategyCost now, double least)
    {
        var count = game.StrategyCount(player);
        for (var step = 1; step < count; step++)
        {
            var strategy = (now.Strategy + step) % count;
            var move = new StrategyCost(strategy, game.DeviationCost(player, strategy));
            if (double.IsNaN(move.Cost) || CostComparison.Gains(game, player, move, now, least))
            {
                return move;
            }
        }
        return game.HasUnlistedStrategies ? game.BestResponse(player) : now;
    }
}

/// <summary>A move that gains its player something.</summary>
internal readonly record struct Response(int Player, int Strategy, double Gain);

/// <summary>
/// Brent's cycle detection: keeps one earlier profile, renewed at powers of two, and recognises a return to it. Valid
/// where the next profile depends on the current one alone.
/// </summary>
internal sealed class CycleDetector(DynamicsRun run)
{
    private int[] _reference = run.Profile();
    private long _age;
    private long _renewal = 1;

    /// <summary>
    /// True if the current profile was met before. To be called after at least one move since the last call.
    /// </summary>
    public bool IsRevisit()
    {
        if (IsReference())
        {
            return true;
        }
        if (++_age == _renewal)
        {
            _reference = run.Profile();
            _renewal *= 2;
            _age = 0;
        }
        return false;
    }

    private bool IsReference()
    {
        for (var player = 0; player < _reference.Length; player++)
        {
            if (_reference[player] != run.Game.Strategy(player))
            {
                return false;
            }
        }
        return true;
    }
}
