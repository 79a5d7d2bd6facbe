using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>A <see cref="SiteLedger"/> behind messages, fenced by the epoch of its opening.</summary>
public sealed class EdgeSite(GrainKey key, IOffloadingObserver? observer = null) : IEdgeSite
{
    private SiteLedger _ledger = new(0);
    private long _epoch;

    private int Number => OffloadingKeys.NumberOf(key.Value);

    public Task Open(SiteOpening opening)
    {
        if (opening.Epoch <= _epoch)
        {
            return Task.CompletedTask;
        }
        var ledger = new SiteLedger(opening.Channels);
        foreach (var holding in opening.Holdings)
        {
            ledger.Hold(holding.Member, holding.Sequence, holding.Channels, holding.Powers);
        }
        (_ledger, _epoch) = (ledger, opening.Epoch);
        observer?.Opened(Number, opening);
        return Task.CompletedTask;
    }

    public Task<SiteLoads> Loads() => Task.FromResult(new SiteLoads(_epoch, _ledger.Loads.ToArray()));

    public Task Hold(long epoch, Holding holding)
    {
        if (epoch != _epoch)
        {
            throw new InvalidOperationException(
                $"site {key.Value} is in epoch {_epoch}, the holding is of epoch {epoch}");
        }
        if (_ledger.Hold(holding.Member, holding.Sequence, holding.Channels, holding.Powers))
        {
            observer?.Held(Number, holding);
        }
        return Task.CompletedTask;
    }
}
