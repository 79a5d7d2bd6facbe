namespace OrleansEdge.Core.Offloading.ChannelChoice;

/// <summary>Channels of all users that a search found.</summary>
/// <param name="Potential">Half the sum of all costs, in units.</param>
/// <param name="IsProven">None has less, up to a millionth.</param>
/// <param name="Nodes">Partial choices looked at.</param>
public sealed record ChannelOptimum(int[] Channels, long Potential, bool IsProven, long Nodes);

/// <summary>What the game is compared with; the game itself is not changed.</summary>
public static class ChannelChoiceBaselines
{
    /// <summary>Every user draws a channel uniformly.</summary>
    public static int[] Random(ChannelChoiceGame game, ulong seed) =>
        [.. Enumerable.Range(0, game.PlayerCount).Select(user =>
            new RandomStream(seed, "channel.random", (ulong)user).NextInt(game.Channels))];

    /// <summary>
    /// In the order of their numbers, users take the channel of the least interference with those before.
    /// </summary>
    public static int[] Greedy(ChannelChoiceGame game)
    {
        var channels = new int[game.PlayerCount];
        for (var user = 0; user < channels.Length; user++)
        {
            var interference = Interference(game, channels, user);
            channels[user] = Array.IndexOf(interference, interference.Min());
        }
        return channels;
    }

    /// <summary>
    /// The least potential, which is the least sum of all costs, by branch and bound; channels are alike, so a first
    /// user of a channel tries only one of those still empty.
    /// </summary>
    /// <param name="maxNodes">After as many partial choices the best so far is returned, unproven.</param>
    /// <param name="stop">Ends the search with the best so far, unproven.</param>
    public static ChannelOptimum Exact(
        ChannelChoiceGame game, long maxNodes = 20_000_000, CancellationToken stop = default)
    {
        var best = Greedy(game);
        var (least, nodes, channels) = (PotentialOf(game, best), 0L, new int[game.PlayerCount]);
        void Branch(int user, int used, long potential)
        {
            if (++nodes >= maxNodes || stop.IsCancellationRequested || potential >= least)
            {
                return;
            }
            if (user == channels.Length)
            {
                (best, least) = ([.. channels], potential);
                return;
            }
            var interference = Interference(game, channels, user);
            for (var channel = 0; channel < Math.Min(used + 1, game.Channels); channel++)
            {
                channels[user] = channel;
                Branch(user + 1, Math.Max(used, channel + 1), potential + interference[channel]);
            }
        }
        Branch(0, 0, 0);
        var isFine = game.IsFine(least, (long)channels.Length * channels.Length) || game.PotentialOf(best) == 0;
        return new ChannelOptimum(
            best, least, isFine && nodes < maxNodes && !stop.IsCancellationRequested, nodes);
    }

    /// <summary>The potential of a profile, computed from nothing but the couplings.</summary>
    public static long PotentialOf(ChannelChoiceGame game, ReadOnlySpan<int> channels)
    {
        var sum = 0L;
        for (var one = 0; one < channels.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                sum += channels[one] == channels[other] ? game.Coupling(one, other) : 0;
            }
        }
        return sum;
    }

    private static long[] Interference(ChannelChoiceGame game, int[] channels, int user)
    {
        var interference = new long[game.Channels];
        for (var other = 0; other < user; other++)
        {
            interference[channels[other]] += game.Coupling(user, other);
        }
        return interference;
    }
}
