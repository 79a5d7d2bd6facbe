using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>Says what this build lacks.</summary>
internal static class ClusterConnection
{
    private const string Lack = "this build has no Orleans client (Microsoft.Orleans.Client is not in the NuGet packages folder); " +
        "run 'dotnet restore eng/Orleans.proj' where the feed has it and build again";

    /// <summary>How long a gateway that answers may take to let a client in.</summary>
    public static readonly TimeSpan Patience = TimeSpan.Zero;

    /// <summary>This build has no Orleans client.</summary>
    public static bool HasOrleans => false;

    /// <exception cref="OrleansEdgeException">Always (69).</exception>
    public static void RequireOrleans() => throw new OrleansEdgeException(ExitCode.Unavailable, Lack);

    /// <exception cref="OrleansEdgeException">Always (69).</exception>
    public static Task<IClusterConnection> Open(ClusterAddress address, TimeProvider clock, CancellationToken stop) =>
        throw new OrleansEdgeException(ExitCode.Unavailable, Lack);

    /// <exception cref="OrleansEdgeException">Always (69).</exception>
    public static Task<IClusterConnection> Open(
        ClusterAddress address, IReadOnlyList<ClusterFinding> findings, TimeSpan patience, TimeProvider clock,
        CancellationToken stop) =>
        throw new OrleansEdgeException(ExitCode.Unavailable, Lack);

    /// <summary>What the cluster's silos and tables look like from here.</summary>
    public static Task<IReadOnlyList<ClusterFinding>> Diagnose(ClusterAddress address, CancellationToken stop) =>
        stop.IsCancellationRequested
            ? Task.FromCanceled<IReadOnlyList<ClusterFinding>>(stop)
            : Task.FromResult<IReadOnlyList<ClusterFinding>>([new(false, $"cluster '{address.ClusterId}'", Lack)]);
}
