namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>The members, load and summed overhead of every channel, while a central search fills them.</summary>
internal sealed class ChannelOverheads(OffloadingGame game)
{
    private readonly List<int>[] _members = [.. Enumerable.Range(0, game.Channels).Select(_ => new List<int>())];
    private readonly long[] _loads = new long[game.Channels];
    private readonly double[] _totals = new double[game.Channels];

    public long Load(int channel) => _loads[channel - 1];

    public int Count(int channel) => _members[channel - 1].Count;

    public IReadOnlyList<int> Members(int channel) => _members[channel - 1];

    /// <summary>Overhead of the channel's members now.</summary>
    public double Total(int channel) => _totals[channel - 1];

    /// <summary>By how much the channel's overhead would rise if the user joined.</summary>
    public double Joined(int channel, int user)
    {
        var load = _loads[channel - 1] + game.Interference.Powers[user];
        return Sum(channel, load) + game.Overhead(user, channel, _loads[channel - 1]) - _totals[channel - 1];
    }

    /// <summary>Adds a user; local (0) is no channel.</summary>
    public void Join(int channel, int user)
    {
        if (channel != InterferenceGame.Local)
        {
            _members[channel - 1].Add(user);
            Renew(channel, game.Interference.Powers[user]);
        }
    }

    /// <summary>Takes back the last user that joined this channel.</summary>
    public void LeaveLast(int channel)
    {
        if (channel != InterferenceGame.Local)
        {
            var members = _members[channel - 1];
            var user = members[^1];
            members.RemoveAt(members.Count - 1);
            Renew(channel, -game.Interference.Powers[user]);
        }
    }

    private void Renew(int channel, long power)
    {
        _loads[channel - 1] += power;
        _totals[channel - 1] = Sum(channel, _loads[channel - 1]);
    }

    private double Sum(int channel, long load)
    {
        var sum = 0.0;
        foreach (var member in _members[channel - 1])
        {
            sum += game.Overhead(member, channel, load - game.Interference.Powers[member]);
        }
        return sum;
    }
}
