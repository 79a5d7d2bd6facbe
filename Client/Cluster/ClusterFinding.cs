namespace OrleansEdge.Client.Cluster;

/// <summary>One thing that a client of a cluster needs.</summary>
/// <param name="Part">Such as "PostgreSQL" or "silo north".</param>
/// <param name="Found">What it is, or what is wrong with it.</param>
internal sealed record ClusterFinding(bool IsGood, string Part, string Found)
{
    /// <summary>It is a gateway that answers.</summary>
    public bool IsGateway { get; init; }
}
