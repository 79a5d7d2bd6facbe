using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>
/// The coordinator's view of the sites: asks for their loads, closes one that does not answer, and opens one that has
/// come (back) with what the members say that they hold there.
/// </summary>
/// <param name="closed">Sites that did not answer the coordinator's activation before.</param>
internal sealed class SiteWatch(
    IGrains grains, TimeProvider clock, OffloadingJob job, ISiteWatchHost host, IOffloadingObserver? observer, int[] closed)
{
    /// <summary>Refreshes for one question to a site that is closed.</summary>
    private const int ProbeEvery = 16;

    private readonly SiteChannels _sites = new(job.Cell.Channels, job.Sites);
    private readonly long[] _epochs = new long[job.Sites];
    private readonly bool[] _isReachable =
        [.. Enumerable.Range(0, job.Sites).Select(site => !closed.Contains(site))];
    private long[] _loads = new long[job.Cell.Channels];
    private long _refreshes;

    public int[] Closed() => [.. Enumerable.Range(0, job.Sites).Where(site => _epochs[site] == 0)];

    /// <summary>What is announced now. The arrays are not changed afterwards.</summary>
    public LoadAnnouncement Announcement(long slot) => new(slot, _loads, [.. _epochs]);

    /// <summary>Asks all sites; true if one of them was closed or opened.</summary>
    /// <exception cref="InvalidOperationException">No site is open.</exception>
    public async Task<bool> Refresh()
    {
        var isProbing = _refreshes++ % ProbeEvery == 0 || Array.TrueForAll(_epochs, epoch => epoch == 0);
        var answers = await Task.WhenAll(Enumerable.Range(0, job.Sites).Select(site => Ask(site, isProbing)));
        _loads = new long[_sites.Channels];
        var changed = false;
        for (var site = 0; site < answers.Length; site++)
        {
            var answer = answers[site];
            if (answer is null && _epochs[site] != 0)
            {
                Close(site);
                changed = true;
            }
            else if (answer is not null && (_epochs[site] == 0 || answer.Epoch != _epochs[site]))
            {
                answer = await Open(site);
                changed = true;
            }
            Announce(site, answer);
        }
        return Array.Exists(_epochs, epoch => epoch != 0)
            ? changed
            : throw new InvalidOperationException("no site answers");
    }

    private IEdgeSite Site(int site) => grains.Get<IEdgeSite>(OffloadingKeys.Site(job.Name, site, job.SiteNames));

    private void Announce(int site, SiteLoads? answer)
    {
        var announced = _loads.AsSpan(_sites.Of(site).Start, _sites.Of(site).Length);
        if (answer is null)
        {
            announced.Fill(PlayerBlock.Closed);
        }
        else
        {
            answer.Loads.CopyTo(announced);
        }
    }

    private void Close(int site)
    {
        (_epochs[site], _isReachable[site]) = (0, false);
        observer?.Closed(site);
    }

    private async Task<SiteLoads?> Ask(int site, bool isProbing)
    {
        if (_epochs[site] == 0 && !_isReachable[site] && !isProbing)
        {
            return null;
        }
        try
        {
            var attempts = _isReachable[site] ? job.Attempts : 1;
            var answer = await Retry.Within(clock, () => Site(site).Loads(), Backoff.Brisk(attempts), host.CountRetry);
            _isReachable[site] = true;
            return answer;
        }
        catch (Exception)
        {
            return null; // whatever became of it, the game goes on without it
        }
    }

    /// <summary>
    /// Until the site has its new epoch it counts as closed, so that a failure here leaves nothing half open.
    /// </summary>
    private async Task<SiteLoads> Open(int site)
    {
        if (_epochs[site] != 0)
        {
            _epochs[site] = 0;
            observer?.Closed(site);
        }
        var epoch = await host.NextEpoch();
        var opening = new SiteOpening(epoch, _sites.Of(site).Length, await Holdings(site));
        var grain = Site(site);
        await Retry.Within(clock, () => grain.Open(opening), Backoff.Brisk(job.Attempts), host.CountRetry);
        var answer = await Retry.Within(clock, grain.Loads, Backoff.Brisk(job.Attempts), host.CountRetry);
        if (answer.Epoch != epoch)
        {
            throw new InvalidOperationException($"site {site} has lost epoch {epoch} at once");
        }
        _epochs[site] = epoch;
        host.CountOpening();
        return answer;
    }

    /// <summary>
    /// What settled members hold on a site. The others may still be counted elsewhere: they hold nothing until they
    /// have left everything and come back.
    /// </summary>
    private async Task<Holding[]> Holdings(int site)
    {
        var (start, length) = (_sites.Of(site).Start, _sites.Of(site).Length);
        var holdings = new List<Holding>();
        foreach (var (member, report) in (await host.Reports()).Index().Where(pair => pair.Item.IsSettled))
        {
            var loads = PlayerBlock.Loads(host.PowersOf(member), report.Choices, _sites.Channels);
            var holding = SiteLinks.HoldingOf(member, report.Sequence, loads.AsSpan(start, length));
            if (holding.Channels.Length > 0)
            {
                holdings.Add(holding);
            }
        }
        return [.. holdings];
    }
}

/// <summary>What a site watch needs of the coordinator.</summary>
internal interface ISiteWatchHost
{
    /// <summary>A number above all epochs before.</summary>
    Task<long> NextEpoch();

    /// <summary>What every member says of itself; none before the first slot.</summary>
    Task<MemberReport[]> Reports();

    /// <summary>The powers of a member's users.</summary>
    ReadOnlySpan<long> PowersOf(int member);

    void CountRetry();

    void CountOpening();
}
