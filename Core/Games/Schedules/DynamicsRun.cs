namespace OrleansEdge.Core.Games.Schedules;

/// <summary>One run of a dynamics: what is counted, and the moves that its rule accepts.</summary>
internal sealed class DynamicsRun(IFiniteGame game, DynamicsOptions options)
{
    private readonly List<double> _trace = [];

    public IFiniteGame Game => game;

    public DynamicsOptions Options => options;

    /// <summary>A move is accepted when it gains more than this.</summary>
    public double Threshold { get; } = Math.Max(options.Epsilon, game.CostResolution);

    public long Steps { get; private set; }

    public long Slots { get; set; }

    public long Messages { get; set; }

    public long Requests { get; set; }

    public bool IsExhausted => Steps >= options.MaxSteps;

    public double[] Trace => [.. _trace];

    /// <summary>The move that the rule lets this player make now, if it has one that gains enough.</summary>
    public bool TryRespond(int player, out Response response)
    {
        var cost = game.Cost(player);
        var least = Math.Max(Threshold, options.RelativeEpsilon * Math.Abs(cost));
        var move = options.Response == ResponseRule.Best
            ? game.BestResponse(player)
            : BetterResponse(player, cost, least);
        var gain = cost - move.Cost;
        if (double.IsNaN(gain))
        {
            throw OrleansEdgeException.WrongData(
                $"player {player}: cost {cost} against {move.Cost} of strategy {move.Strategy}; expected numbers");
        }
        response = new Response(player, move.Strategy, gain);
        return gain > least;
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
            _trace.Add(game is IPotentialGame potential ? potential.Potential : SumOfCosts());
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

    private StrategyCost BetterResponse(int player, double cost, double least)
    {
        var current = game.Strategy(player);
        var count = game.StrategyCount(player);
        for (var step = 1; step < count; step++)
        {
            var strategy = (current + step) % count;
            var deviation = game.DeviationCost(player, strategy);
            if (cost - deviation > least || double.IsNaN(deviation))
            {
                return new StrategyCost(strategy, deviation);
            }
        }
        return game.HasUnlistedStrategies ? game.BestResponse(player) : new StrategyCost(current, cost);
    }

    private double SumOfCosts()
    {
        var sum = 0.0;
        for (var player = 0; player < game.PlayerCount; player++)
        {
            sum += game.Cost(player);
        }
        return sum;
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
