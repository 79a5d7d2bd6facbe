using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>A statement of a paper, or a number computed independently, and what came out here.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Expected">As it is printed, or as it was computed.</param>
/// <param name="Ours">What this run gives.</param>
/// <param name="Holds">Whether ours bears it out; null where that was not measured to the end.</param>
internal sealed record Claim(string Name, string Expected, string Ours, bool? Holds)
{
    /// <summary>A number that must come out within a share of what is expected.</summary>
    public static Claim Near(string name, double expected, double ours, double share) => new(
        name, Digits(expected), Digits(ours), Math.Abs(ours - expected) <= share * Math.Abs(expected));

    /// <summary>What is said of claims: nothing holds, or does not, after a part of the runs.</summary>
    public static IReadOnlyList<Claim> After(GameScale scale, IEnumerable<Claim> claims) =>
        [.. claims.Select(claim => scale.IsWhole ? claim : claim with { Holds = null })];

    /// <summary>Claims one below the other.</summary>
    public static ReportTable Table(
        GameScale scale, string title, IEnumerable<Claim> claims, string? note = null)
    {
        var rows = After(scale, claims).Select(claim => (IReadOnlyList<string>)
            [claim.Name, claim.Expected, claim.Ours, claim.Holds is { } holds ? holds ? "yes" : "no" : "–"]);
        return new ReportTable(["Statement", "Expected", "Here", "Holds"], [.. rows]) { Title = title, Note = note };
    }

    /// <summary>A number with up to ten digits.</summary>
    public static string Digits(double value) =>
        value.ToString("g10", System.Globalization.CultureInfo.InvariantCulture);
}
