using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>A member's way to the sites: tells each what the member's users put on its channels.</summary>
internal sealed class SiteLinks(IGrains grains, TimeProvider clock, string job, Enrolment enrolment)
{
    private const int Attempts = 4;

    public SiteChannels Sites { get; } = new(enrolment.Channels, enrolment.Sites);

    /// <summary>[sites] the epoch of each as last announced; 0 for a closed one, which is told nothing.</summary>
    public long[] Epochs { get; set; } = new long[enrolment.Sites];

    /// <summary>
    /// Tells the open sites that see a difference between two profiles; returns when all of them have it.
    /// </summary>
    /// <param name="before">[users of the member], or none to tell every site.</param>
    /// <param name="after">[users of the member], or none for nobody.</param>
    public Task Tell(int[]? before, int[]? after, long sequence)
    {
        var (was, will) = (LoadsOf(before), LoadsOf(after));
        var calls = new List<Task>();
        for (var site = 0; site < Epochs.Length; site++)
        {
            var (start, length) = (Sites.Of(site).Start, Sites.Of(site).Length);
            var holds = will.AsSpan(start, length);
            if (Epochs[site] > 0 && (before is null || !was.AsSpan(start, length).SequenceEqual(holds)))
            {
                calls.Add(Hold(site, HoldingOf(holds, sequence)));
            }
        }
        return Task.WhenAll(calls);
    }

    /// <summary>What a member's report means for one site.</summary>
    public static Holding HoldingOf(int member, long sequence, ReadOnlySpan<long> loads)
    {
        var (channels, powers) = (new List<int>(), new List<long>());
        for (var channel = 0; channel < loads.Length; channel++)
        {
            if (loads[channel] > 0)
            {
                channels.Add(channel);
                powers.Add(loads[channel]);
            }
        }
        return new Holding(member, sequence, [.. channels], [.. powers]);
    }

    private Holding HoldingOf(ReadOnlySpan<long> loads, long sequence) => HoldingOf(enrolment.Member, sequence, loads);

    private long[] LoadsOf(int[]? choices) => PlayerBlock.Loads(enrolment.Powers, choices, enrolment.Channels);

    private Task Hold(int site, Holding holding)
    {
        var epoch = Epochs[site];
        var grain = grains.Get<IEdgeSite>(OffloadingKeys.Site(job, site, enrolment.SiteNames));
        return Retry.Within(clock, () => grain.Hold(epoch, holding), Backoff.Brisk(Attempts));
    }
}
