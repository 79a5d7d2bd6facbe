using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Client.Games.Play;

/// <summary>A number of one game.</summary>
/// <param name="Key">Its name in the JSON.</param>
/// <param name="Label">What people read.</param>
internal sealed record GameFigure(string Key, string Label, object? Value);

/// <summary>What came out of a game.</summary>
internal sealed record GameOutcome
{
    /// <summary>One line on the instance, such as "30 users, 5 channels".</summary>
    public required string Setting { get; init; }

    /// <summary>Everything that decides the outcome, besides the seed.</summary>
    public required object Configuration { get; init; }

    public required int Players { get; init; }

    /// <summary>How the result was found, such as "one winner per slot".</summary>
    public required string Solver { get; init; }

    public required EquilibriumCertificate Certificate { get; init; }

    /// <summary>The sum of all players' costs.</summary>
    public required double SocialCost { get; init; }

    /// <summary>Of the solver alone.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Whether a result that is no equilibrium is a failure; not so for a baseline.</summary>
    public bool SeeksEquilibrium { get; init; } = true;

    /// <summary>
    /// Potentials before the first move and after every <see cref="TraceEvery"/> moves; may be empty.
    /// </summary>
    public IReadOnlyList<double> Trace { get; init; } = [];

    public int TraceEvery { get; init; } = 1;

    /// <summary>The bound on the moves that was known before the first.</summary>
    public StepBound? Bound { get; init; }

    /// <summary>The strategy of every player, made when <c>--profile</c> asks for it.</summary>
    public required Func<object> Profile { get; init; }

    /// <summary>What this game alone has.</summary>
    public IReadOnlyList<GameFigure> Figures { get; init; } = [];

    /// <summary>What else could have been had; null where the game has nothing to compare with.</summary>
    public Baselines? Baselines { get; init; }

    /// <summary>What is bad about the result, in sentences.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>The result beside the baselines.</summary>
    public ReportTable? Comparison => Baselines?.Table("Beside the baselines");

    /// <summary>What is bad about the result, and the baselines that are better.</summary>
    public IReadOnlyList<string> Warnings => [.. Concerns, .. Baselines?.Defeats() ?? []];

    /// <summary>Adds the charts that this game alone has; null for none.</summary>
    public Action<ReportBuilder>? Draw { get; init; }

    /// <summary>Takes over what a dynamics arrived at.</summary>
    public GameOutcome With(DynamicsResult result, int traceEvery) => this with
    {
        Certificate = result.Certificate,
        Trace = result.Trace,
        TraceEvery = traceEvery,
        Bound = result.Bound,
    };
}
