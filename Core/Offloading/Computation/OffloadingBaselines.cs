namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>What the papers compare the game with: profiles of one game, which is not changed.</summary>
public static class OffloadingBaselines
{
    /// <summary>Every user computes locally.</summary>
    public static int[] AllLocal(OffloadingGame game) => new int[game.PlayerCount];

    /// <summary>Every user offloads, over a channel drawn uniformly.</summary>
    public static int[] AllCloud(OffloadingGame game, ulong seed) => Draw(game, seed, least: 1);

    /// <summary>Every user draws uniformly among computing locally and the channels.</summary>
    public static int[] Random(OffloadingGame game, ulong seed) => Draw(game, seed, least: 0);

    /// <summary>
    /// A central greedy: users in falling order of what they save alone on a channel each take the choice that raises
    /// the total overhead, as it stands, the least.
    /// </summary>
    public static int[] Greedy(OffloadingGame game)
    {
        var overhead = new ChannelOverheads(game);
        var saving = Enumerable.Range(0, game.PlayerCount)
            .Select(user => game.Overhead(user, InterferenceGame.Local, 0) - game.Overhead(user, 1, 0)).ToArray();
        var choices = new int[game.PlayerCount];
        foreach (var user in Enumerable.Range(0, game.PlayerCount).OrderByDescending(user => saving[user]))
        {
            var (best, least) = (InterferenceGame.Local, game.Overhead(user, InterferenceGame.Local, 0));
            for (var channel = 1; channel <= game.Channels; channel++)
            {
                var added = overhead.Joined(channel, user);
                if (added < least)
                {
                    (best, least) = (channel, added);
                }
            }
            choices[user] = best;
            overhead.Join(best, user);
        }
        return choices;
    }

    private static int[] Draw(OffloadingGame game, ulong seed, int least)
    {
        var choices = new int[game.PlayerCount];
        for (var user = 0; user < choices.Length; user++)
        {
            var random = new RandomStream(seed, "offloading.baseline", (ulong)user);
            choices[user] = least + random.NextInt(game.Channels + 1 - least);
        }
        return choices;
    }
}
