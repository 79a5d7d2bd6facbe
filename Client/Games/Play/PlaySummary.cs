using System.Globalization;
using System.Text.Json.Serialization;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Client.Games.Play;

/// <summary>The JSON of <c>oe play</c>.</summary>
internal sealed record PlaySummary
{
    public string Command => "play";

    public required string Game { get; init; }

    public required int Players { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Hash of the final profile, hexadecimal.</summary>
    public required string TraceHash { get; init; }

    public required string Solver { get; init; }

    public required long Steps { get; init; }

    public required long Slots { get; init; }

    public required long Messages { get; init; }

    public required double SocialCost { get; init; }

    /// <summary>Null in a game without a potential.</summary>
    public required double? PotentialStart { get; init; }

    /// <summary>Null in a game without a potential.</summary>
    public required double? PotentialEnd { get; init; }

    public required double MaxRegret { get; init; }

    public required double MeanRegret { get; init; }

    /// <summary>Players whose regret is more than rounding.</summary>
    public required long RegretfulPlayers { get; init; }

    /// <summary>Regrets up to this count as none.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Players that were not asked for their regret because time was up; absent where all were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PlayersNotAsked { get; init; }

    public required bool IsEquilibrium { get; init; }

    public required StopReason ExitReason { get; init; }

    /// <summary>The most moves that the dynamics could have needed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StepBound { get; init; }

    /// <summary>Of the solver alone.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>[players] with <c>--profile</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Profile { get; init; }

    /// <summary>What else could have been had: a name and figures each; absent where there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyDictionary<string, object?>>? Baselines { get; init; }

    /// <summary>What is bad about the result, in sentences; empty where nothing is.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public required string Output { get; init; }

    /// <summary>What only this game has, beside the other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Figures { get; init; } = [];

    public static PlaySummary Of(string game, GameOutcome outcome, ulong seed, bool withProfile, string output)
    {
        var certificate = outcome.Certificate;
        return new()
        {
            Game = game,
            Players = outcome.Players,
            Seed = seed,
            TraceHash = certificate.ProfileHash.ToString("x16", CultureInfo.InvariantCulture),
            Solver = outcome.Solver,
            Steps = certificate.Steps,
            Slots = certificate.Slots,
            Messages = certificate.Messages,
            SocialCost = outcome.SocialCost + 0.0, // no negative zero
            PotentialStart = certificate.PotentialStart + 0.0,
            PotentialEnd = certificate.PotentialEnd + 0.0,
            MaxRegret = certificate.MaxRegret,
            MeanRegret = certificate.MeanRegret,
            RegretfulPlayers = certificate.PositiveRegretCount,
            Tolerance = certificate.Tolerance,
            PlayersNotAsked = certificate.UnaskedCount > 0 ? certificate.UnaskedCount : null,
            Baselines = outcome.Baselines?.ToJson(),
            Warnings = outcome.Warnings,
            IsEquilibrium = certificate.IsEquilibrium,
            ExitReason = certificate.StopReason,
            StepBound = outcome.Bound?.Steps,
            WallSeconds = outcome.WallSeconds,
            Profile = withProfile ? outcome.Profile() : null,
            Output = output,
            Figures = outcome.Figures.ToDictionary(figure => figure.Key, figure => figure.Value),
        };
    }
}
