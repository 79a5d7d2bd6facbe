using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Measuring;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>Three probes of a cluster: one that calls, one in its process, one in another.</summary>
internal sealed record ProbePair(ILinkProbe Caller, string Near, string Far)
{
    // Enough for two in one process and one in another, wherever a placement puts them.
    private const int Probes = 32;

    /// <exception cref="OrleansEdgeException">The cluster has one silo only (69).</exception>
    public static async Task<ProbePair> Find(IGrains grains)
    {
        var keys = Enumerable.Range(0, Probes).Select(i => $"link/{i}").ToArray();
        var processes = await Task.WhenAll(keys.Select(key => grains.Get<ILinkProbe>(key).Process()));
        var own = processes.GroupBy(process => process).MaxBy(group => group.Count())!.Key;
        var here = keys.Where((_, i) => processes[i] == own).ToArray();
        var far = keys.Where((_, i) => processes[i] != own).FirstOrDefault()
            ?? throw new OrleansEdgeException(
                ExitCode.Unavailable, $"all grains are in process {own}; expected a cluster of at least two silos");
        return new ProbePair(grains.Get<ILinkProbe>(here[0]), here[1], far);
    }
}
