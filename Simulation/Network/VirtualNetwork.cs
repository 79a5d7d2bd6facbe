using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Simulation.Network;

/// <summary>
/// Carries messages between nodes. A message first occupies its sender's uplink, then travels for the path's latency,
/// then occupies its receiver's downlink from the moment its first byte arrives; it is there when its last byte is.
/// </summary>
internal sealed class VirtualNetwork(NetworkOptions options, ulong seed, EventQueue queue)
{
    private readonly List<Cut> _cuts = [];

    /// <summary>Every path that carried a message, in order of first use.</summary>
    public List<Link> Links { get; } = [];

    /// <summary>Messages between nodes, lost ones too.</summary>
    public long Messages { get; private set; }

    /// <summary>Their encoded bytes, envelopes included.</summary>
    public long Bytes { get; private set; }

    public long LostMessages { get; private set; }

    /// <summary>Sends a message: schedules it for its arrival.</summary>
    /// <returns>False when it is lost on the way.</returns>
    public bool Send(Parcel parcel, VirtualNode from, VirtualNode to)
    {
        if (ReferenceEquals(from, to))
        {
            parcel.IsAtReceiver = true;
            queue.Schedule(parcel, queue.Now);
            return true;
        }
        var link = LinkBetween(from, to);
        if (link.IsOutOfBand)
        {
            parcel.IsAtReceiver = true;
            queue.Schedule(parcel, queue.Now);
            return true;
        }
        var bytes = parcel.WireBytes;
        link.CountSent(bytes);
        Messages++;
        Bytes += bytes;
        from.BytesSent += bytes;
        if (link.IsInstant && _cuts.Count == 0)
        {
            parcel.IsAtReceiver = true;
            to.BytesReceived += bytes;
            queue.Schedule(parcel, queue.Now);
            return true;
        }
        return Transmit(parcel, link, bytes);
    }

    /// <summary>Whether messages between two nodes take part in the network.</summary>
    public bool Carries(VirtualNode from, VirtualNode to) =>
        !ReferenceEquals(from, to) && !LinkBetween(from, to).IsOutOfBand;

    /// <summary>Queues a message whose first byte arrived for the receiver's downlink.</summary>
    public void Receive(Parcel parcel, VirtualNode from, VirtualNode to)
    {
        var link = LinkBetween(from, to);
        to.BytesReceived += parcel.WireBytes;
        var start = Math.Max(queue.Now, to.DownlinkFreeAt);
        var end = VirtualTime.After(start, VirtualTime.FromSeconds(parcel.WireBytes / link.DownlinkBytesPerSecond));
        to.DownlinkFreeAt = end;
        parcel.IsAtReceiver = true;
        queue.Schedule(parcel, Math.Max(end, parcel.LastByteAt));
    }

    /// <summary>Parts two groups of nodes; messages between them are lost.</summary>
    public Cut Part(Func<VirtualNode, bool> one, Func<VirtualNode, bool> other)
    {
        var cut = new Cut(one, other);
        _cuts.Add(cut);
        return cut;
    }

    public void Heal(Cut cut) => _cuts.Remove(cut);

    private bool Transmit(Parcel parcel, Link link, long bytes)
    {
        var departure = queue.Now;
        long duration = 0;
        if (!double.IsInfinity(link.UplinkBytesPerSecond))
        {
            departure = Math.Max(departure, link.From.UplinkFreeAt);
            duration = VirtualTime.FromSeconds(bytes / link.UplinkBytesPerSecond);
            link.From.UplinkFreeAt = VirtualTime.After(departure, duration);
        }
        if (IsCut(link.From, link.To) || link.Loses())
        {
            LostMessages++;
            link.CountLost();
            return false;
        }
        var firstByte = link.ArrivalOf(departure, duration);
        var lastByte = VirtualTime.After(firstByte, duration);
        if (link.HasDownlinkQueue)
        {
            parcel.IsAtReceiver = false;
            parcel.LastByteAt = lastByte;
            queue.Schedule(parcel, firstByte);
            return true;
        }
        parcel.IsAtReceiver = true;
        link.To.BytesReceived += bytes;
        queue.Schedule(parcel, lastByte);
        return true;
    }

    private bool IsCut(VirtualNode from, VirtualNode to)
    {
        foreach (var cut in _cuts)
        {
            if (cut.Separates(from, to))
            {
                return true;
            }
        }
        return false;
    }

    private Link LinkBetween(VirtualNode from, VirtualNode to)
    {
        if (from.Links.TryGetValue(to.Index, out var known))
        {
            return known;
        }
        var profile =
            options.Links.FirstOrDefault(link => link.Matches(from.Profile, to.Profile)) ?? options.DefaultLink;
        var link = new Link(from, to, profile, seed);
        from.Links.Add(to.Index, link);
        if (!link.IsOutOfBand)
        {
            Links.Add(link);
        }
        return link;
    }

    /// <summary>A partition that holds now.</summary>
    internal sealed class Cut(Func<VirtualNode, bool> one, Func<VirtualNode, bool> other)
    {
        public bool Separates(VirtualNode from, VirtualNode to) =>
            (one(from) && other(to)) || (one(to) && other(from));
    }
}
