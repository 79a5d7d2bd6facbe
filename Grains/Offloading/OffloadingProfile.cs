using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>Where the users of a game say they are.</summary>
public static class OffloadingProfile
{
    /// <summary>Asks every member.</summary>
    /// <returns>[users] 0 for local, or a 1-based channel.</returns>
    public static async Task<int[]> Collect(IGrains grains, OffloadingJob job)
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, job.Members).Select(
            member => Retry.Run(() => Report(grains, job, member), job.Attempts)));
        return [.. reports.SelectMany(report => report.Choices)];
    }

    private static Task<MemberReport> Report(IGrains grains, OffloadingJob job, int member) =>
        job.Mode == OffloadingMode.Faithful
            ? grains.Get<IOffloadingPlayer>(OffloadingKeys.Player(job.Name, member)).Report()
            : grains.Get<IPlayerGroup>(OffloadingKeys.Group(job.Name, member)).Report();
}
