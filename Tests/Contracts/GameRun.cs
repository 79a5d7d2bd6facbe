using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Offloading;

namespace OrleansEdge.Tests.Contracts;

/// <summary>An offloading game as a client sees it. Calls are repeated: silos may come and go under it.</summary>
internal sealed class GameRun(IGrains grains, OffloadingJob job, TimeProvider clock)
{
    private const int MaxAttempts = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public IOffloadingCoordinator Coordinator => grains.Get<IOffloadingCoordinator>(job.Name);

    /// <summary>Plays the game to its end.</summary>
    public async Task<OffloadingStatus> Play()
    {
        await Coordinator.Start(job);
        return await ToItsEnd();
    }

    public Task<OffloadingStatus> ToItsEnd() => Until(status => status.Phase == OffloadingPhase.Ended);

    /// <summary>Asks again and again until the answer satisfies.</summary>
    public async Task<OffloadingStatus> Until(Func<OffloadingStatus, bool> satisfies)
    {
        while (true)
        {
            var status = await Repeat(() => Coordinator.Status());
            if (satisfies(status))
            {
                return status;
            }
            Assert.True(status.Phase != OffloadingPhase.Ended, $"{job.Name} has ended: {status.ExitReason}");
            await Task.Delay(Pause, clock);
        }
    }

    /// <summary>[users] where they say that they are.</summary>
    public Task<int[]> Profile() => Repeat(() => OffloadingProfile.Collect(grains, clock, job));

    /// <summary>
    /// The certificate of the profile, computed here. Every site counts exactly those who say that they are there.
    /// </summary>
    public async Task<OffloadingVerdict> Judge(OffloadingStatus status)
    {
        var profile = await Profile();
        var game = OffloadingGame.Draw(job.Cell.ToOptions(), job.Seed);
        var loads = PlayerBlock.Loads(game.Interference.Powers, profile, job.Cell.Channels);
        var sites = new SiteChannels(job.Cell.Channels, job.Sites);
        foreach (var site in Enumerable.Range(0, job.Sites).Except(status.ClosedSites))
        {
            var grain = grains.Get<IEdgeSite>(OffloadingKeys.Site(job.Name, site, job.SiteNames));
            var counted = await Repeat(() => grain.Loads());
            Assert.Equal(loads[sites.Of(site).Start..sites.Of(site).End], counted.Loads);
        }
        return OffloadingProfile.Judge(job, status, profile);
    }

    private async Task<T> Repeat<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is not OrleansEdgeException && attempt < MaxAttempts)
            {
                await Task.Delay(Pause, clock);
            }
        }
    }
}
