using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>Where the users of a game say they are, and what that is worth.</summary>
public static class OffloadingProfile
{
    /// <summary>Asks every member.</summary>
    /// <returns>[users] 0 for local, or a 1-based channel.</returns>
    public static async Task<int[]> Collect(IGrains grains, TimeProvider clock, OffloadingJob job)
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, job.Members).Select(
            member => Retry.Within(clock, () => Report(grains, job, member), Backoff.Brisk(job.Attempts))));
        return [.. reports.SelectMany(report => report.Choices)];
    }

    /// <summary>
    /// The verdict on the profile of a game that has ended, against the channels of the sites that were open then. It
    /// is computed from the job's users and the profile, without the grains; steps, slots and messages (requests and
    /// updates) are the coordinator's account.
    /// </summary>
    public static OffloadingVerdict Judge(OffloadingJob job, OffloadingStatus status, int[] profile)
    {
        var sites = new SiteChannels(job.Cell.Channels, job.Sites);
        var inService = new bool[job.Cell.Channels];
        Array.Fill(inService, true);
        foreach (var site in status.ClosedSites)
        {
            inService.AsSpan(sites.Of(site).Start, sites.Of(site).Length).Clear();
        }
        var reason = status.ExitReason == "equilibrium" ? StopReason.Equilibrium
            : status.ExitReason == "slot-limit" ? StopReason.StepLimit
            : StopReason.Stopped;
        var verdict = OffloadingVerdict.Of(job.Cell.ToOptions(), job.Seed, profile, inService, reason);
        return verdict with
        {
            Certificate = verdict.Certificate with
            {
                Steps = status.Updates,
                Slots = status.Rounds,
                Messages = status.Requests + status.Updates,
            },
        };
    }

    private static Task<MemberReport> Report(IGrains grains, OffloadingJob job, int member) =>
        job.Mode == OffloadingMode.Faithful
            ? grains.Get<IOffloadingPlayer>(OffloadingKeys.Player(job.Name, member)).Report()
            : grains.Get<IPlayerGroup>(OffloadingKeys.Group(job.Name, member)).Report();
}
