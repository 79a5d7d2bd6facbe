using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Cluster;

/// <summary>Whether a cluster is there for this client.</summary>
/// <param name="Part">The cluster, such as "cluster 'edge'".</param>
/// <param name="Findings">
/// Its tables, silos and gateways; only what is as it should be when the cluster is absent.
/// </param>
/// <param name="Absence">Why there is none, in one line; null when there is.</param>
internal sealed record ClusterCheck(string Part, IReadOnlyList<ClusterFinding> Findings, string? Absence)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Looks at tables and gateways, enters, and asks a grain. Takes a few seconds at most.</summary>
    public static async Task<ClusterCheck> Look(ClusterAddress address, TimeProvider clock, CancellationToken stop)
    {
        var part = $"cluster '{address.ClusterId}'";
        IReadOnlyList<ClusterFinding> findings = [];
        try
        {
            findings = await ClusterConnection.Diagnose(address, stop);
            await using var connection = await ClusterConnection.Open(address, findings, Patience, clock, stop);
            var running = await Running(connection, clock, stop);
            return new(part, [.. findings, new(true, part, running)], null);
        }
        catch (OrleansEdgeException failure)
        {
            return new(part, [.. findings.Where(finding => finding.IsGood)], failure.Message);
        }
    }

    private static async Task<string> Running(IClusterConnection connection, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            var directories = ((string[])[IJobDirectory.Key, IJobDirectory.GamesKey]).Select(
                key => connection.Grains.Get<IJobDirectory>(key).Running());
            string[] running = [.. (await Task.WhenAll(directories).WaitAsync(Patience, clock, stop)).SelectMany(names => names)];
            return "lets this client in; " + (running.Length == 0
                ? "no job is running" : $"running: {string.Join(", ", running)}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new OrleansEdgeException(ExitCode.Unavailable,
                $"lets this client in, but its grains do not answer: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }
}
