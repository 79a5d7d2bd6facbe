namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// The loads of one site's channels as the sum of what each member holds there. A holding replaces the member's one
/// before, so that repeating it counts nothing twice.
/// </summary>
public sealed class SiteLedger(int channels)
{
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly long[] _loads = new long[channels];

    /// <summary>[channels].</summary>
    public ReadOnlySpan<long> Loads => _loads;

    /// <summary>Replaces a member's holding, unless that is newer.</summary>
    /// <param name="member">Whose holding it is.</param>
    /// <param name="sequence">Its place in the order of this member's holdings.</param>
    /// <param name="onChannels">0-based channels.</param>
    /// <param name="powers">The member's power on each of them, at least 0.</param>
    /// <returns>False if a later holding is known.</returns>
    /// <exception cref="OrleansEdgeException">
    /// A channel is unknown, a power negative, or their numbers differ (65).
    /// </exception>
    public bool Hold(int member, long sequence, int[] onChannels, long[] powers)
    {
        if (_entries.TryGetValue(member, out var known) && known.Sequence >= sequence)
        {
            return known.Sequence == sequence;
        }
        Check.Data(onChannels.Length == powers.Length,
            $"member {member}: {onChannels.Length} channels and {powers.Length} powers; expected as many of each");
        for (var i = 0; i < onChannels.Length; i++)
        {
            Check.Data((uint)onChannels[i] < (uint)_loads.Length,
                $"member {member}: channel {onChannels[i]}; expected 0 to {_loads.Length - 1}");
            Check.Data(powers[i] >= 0, $"member {member}: power {powers[i]}; expected at least 0");
        }
        Add(known, -1);
        var entry = new Entry(sequence, onChannels, powers);
        Add(entry, 1);
        _entries[member] = entry;
        return true;
    }

    private void Add(Entry entry, int sign)
    {
        for (var i = 0; i < (entry.Channels?.Length ?? 0); i++)
        {
            _loads[entry.Channels![i]] += sign * entry.Powers[i];
        }
    }

    private readonly record struct Entry(long Sequence, int[]? Channels, long[] Powers);
}
