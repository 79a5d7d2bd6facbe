using OrleansEdge.Core;
using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Network;

/// <summary>The one-way path from one node to another: its profile, its randomness and what it carried.</summary>
internal sealed class Link
{
    private readonly LinkProfile _profile;
    private readonly long _latency;
    private RandomStream _random;
    private long _lastArrival;
    private long _stalledUntil;

    public Link(VirtualNode from, VirtualNode to, LinkProfile profile, ulong seed)
    {
        _profile = profile;
        _latency = VirtualTime.FromSeconds(profile.LatencySeconds);
        _random = new RandomStream(seed, "link", from.Identity, to.Identity);
        From = from;
        To = to;
        UplinkBytesPerSecond = Math.Min(profile.BytesPerSecond, from.Profile.UplinkBytesPerSecond);
        DownlinkBytesPerSecond = Math.Min(profile.BytesPerSecond, to.Profile.DownlinkBytesPerSecond);
        IsInstant = _latency == 0 && profile.JitterSeconds == 0 && profile.LossProbability == 0 &&
            profile.StallProbability == 0 && double.IsInfinity(UplinkBytesPerSecond) &&
            double.IsInfinity(DownlinkBytesPerSecond);
        IsOutOfBand = profile.IsOutOfBand || from.Profile.IsObserver || to.Profile.IsObserver;
    }

    public VirtualNode From { get; }

    public VirtualNode To { get; }

    public double UplinkBytesPerSecond { get; }

    public double DownlinkBytesPerSecond { get; }

    /// <summary>Messages arrive when they are sent, and none is lost but by a partition.</summary>
    public bool IsInstant { get; }

    /// <summary>Messages pass outside the network.</summary>
    public bool IsOutOfBand { get; }

    public bool HasDownlinkQueue => !double.IsInfinity(DownlinkBytesPerSecond);

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public long LostMessages { get; private set; }

    public void CountSent(long bytes)
    {
        Messages++;
        Bytes += bytes;
    }

    public void CountLost() => LostMessages++;

    /// <summary>Whether the next message is lost.</summary>
    public bool Loses() => _profile.LossProbability > 0 && _random.NextDouble() < _profile.LossProbability;

    /// <summary>
    /// When the first byte of a message arrives that begins to leave the uplink at <paramref name="departure"/> and
    /// takes
    /// <paramref name="duration"/> for it.
    /// </summary>
    public long ArrivalOf(long departure, long duration)
    {
        if (_profile.StallProbability > 0 && _random.NextDouble() < _profile.StallProbability)
        {
            var stall = VirtualTime.FromSeconds(_random.NextExponential(_profile.StallMeanSeconds));
            _stalledUntil = Math.Max(_stalledUntil, VirtualTime.After(departure, stall));
        }
        var arrival = VirtualTime.After(VirtualTime.After(Math.Max(departure, _stalledUntil), _latency), Jitter());
        if (_profile.KeepsOrder)
        {
            arrival = Math.Max(arrival, _lastArrival);
            _lastArrival = VirtualTime.After(arrival, duration);
        }
        return arrival;
    }

    private long Jitter()
    {
        var scale = _profile.JitterSeconds;
        if (scale == 0)
        {
            return 0;
        }
        return VirtualTime.FromSeconds(_profile.Jitter switch
        {
            JitterDistribution.Exponential => _random.NextExponential(scale),
            JitterDistribution.HalfNormal => Math.Abs(_random.NextNormal()) * scale,
            _ => _random.NextDouble() * scale,
        });
    }
}
