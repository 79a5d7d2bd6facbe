using System.Net;

namespace OrleansEdge.Client.Cluster;

/// <summary>One thing that a client of a cluster needs.</summary>
/// <param name="Part">Such as "PostgreSQL" or "silo north".</param>
/// <param name="Found">What it is, or what is wrong with it.</param>
internal sealed record ClusterFinding(bool IsGood, string Part, string Found)
{
    /// <summary>What a user without a cluster can do.</summary>
    public const string HowToStart = "'oe-silo' starts a silo; docs/cluster.md says how to get it";

    private const int Listed = 6;

    /// <summary>The gateway that answers; null when it is none.</summary>
    public IPEndPoint? Gateway { get; init; }

    /// <summary>Why no gateway of a cluster answers, in one line; null when one does.</summary>
    public static string? WhyAbsent(IReadOnlyList<ClusterFinding> findings)
    {
        if (findings.Any(finding => finding.Gateway is not null))
        {
            return null;
        }
        var wrong =
            findings.Where(finding => !finding.IsGood).Select(finding => $"{finding.Part}: {finding.Found}").ToList();
        return string.Join("; ", wrong.Take(Listed)) + (wrong.Count > Listed ? $"; and {wrong.Count - Listed} more" : "");
    }
}
