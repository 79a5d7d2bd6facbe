namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// The equilibrium of one channel on which all users are received with the same power, in closed form (Chen, IEEE TPDS
/// 26(4), 2015): with the thresholds in falling order, the first beta users offload for the largest beta whose
/// threshold bears the beta - 1 others.
/// </summary>
public static class HomogeneousAccess
{
    /// <summary>The choices of all users, 0 for local and 1 for the channel.</summary>
    /// <exception cref="ArgumentException">The game has more than one channel, or unequal powers.</exception>
    public static int[] Solve(InterferenceGame game)
    {
        if (game.Channels != 1 || game.Powers.ContainsAnyExcept(game.Powers[0]))
        {
            throw new ArgumentException("homogeneous access needs one channel and equal powers", nameof(game));
        }
        var thresholds = game.Thresholds.ToArray();
        var order = Enumerable.Range(0, game.Users).OrderByDescending(user => thresholds[user]).ToArray();
        var beta = 0;
        while (beta < order.Length && thresholds[order[beta]] >= beta * game.Powers[0])
        {
            beta++;
        }
        var choices = new int[game.Users];
        foreach (var user in order.AsSpan(0, beta))
        {
            choices[user] = 1;
        }
        return choices;
    }
}
