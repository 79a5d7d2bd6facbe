namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// Some users of an <see cref="InterferenceGame"/> that live on a machine of their own: they know their own powers,
/// thresholds and choices, and of all others no more than the loads that are announced to them.
/// </summary>
public sealed class PlayerBlock
{
    /// <summary>
    /// Announced as the load of a channel that is not in service: above every threshold, and never the least load
    /// while another channel is in service.
    /// </summary>
    public const long Closed = 1L << 62;

    private readonly long[] _powers;
    private readonly long[] _thresholds;
    private readonly int[] _choices;

    /// <param name="powers">Q: [users of the block].</param>
    /// <param name="thresholds">T: [users of the block].</param>
    /// <param name="choices">[users of the block], copied.</param>
    /// <exception cref="OrleansEdgeException">The lengths differ (65).</exception>
    public PlayerBlock(long[] powers, long[] thresholds, ReadOnlySpan<int> choices)
    {
        if (powers.Length != thresholds.Length || powers.Length != choices.Length)
        {
            throw OrleansEdgeException.WrongData(
                $"{powers.Length} powers, {thresholds.Length} thresholds, {choices.Length} choices; expected equal numbers");
        }
        (_powers, _thresholds, _choices) = (powers, thresholds, choices.ToArray());
    }

    /// <summary>[users of the block] 0 for local, or a 1-based channel.</summary>
    public ReadOnlySpan<int> Choices => _choices;

    /// <summary>See <see cref="InterferenceGame.BestResponse"/>.</summary>
    public int BestResponse(int user, LoadTree loads) =>
        InterferenceGame.BestResponse(loads, _powers[user], _thresholds[user], _choices[user]);

    /// <summary>Users on channels that are <see cref="Closed"/> compute locally; returns how many.</summary>
    public int LeaveClosed(ReadOnlySpan<long> loads)
    {
        var left = 0;
        foreach (ref var choice in _choices.AsSpan())
        {
            if (choice != InterferenceGame.Local && loads[choice - 1] >= Closed)
            {
                choice = InterferenceGame.Local;
                left++;
            }
        }
        return left;
    }

    /// <summary>Moves one user.</summary>
    /// <param name="loads">Changed with the move.</param>
    public void Move(int user, int choice, LoadTree loads)
    {
        if (_choices[user] != InterferenceGame.Local)
        {
            loads.Add(_choices[user] - 1, -_powers[user]);
        }
        if (choice != InterferenceGame.Local)
        {
            loads.Add(choice - 1, _powers[user]);
        }
        _choices[user] = choice;
    }

    /// <summary>
    /// Lets the users respond one after the other, as <see cref="InterferenceState.Sweep"/> does; returns the moves
    /// made.
    /// </summary>
    /// <param name="loads">Changed with every move.</param>
    public int Sweep(LoadTree loads)
    {
        var moves = 0;
        for (var user = 0; user < _choices.Length; user++)
        {
            var choice = BestResponse(user, loads);
            if (choice != _choices[user])
            {
                Move(user, choice, loads);
                moves++;
            }
        }
        return moves;
    }

    /// <summary>What users of these powers put on each channel.</summary>
    /// <returns>[channels].</returns>
    public static long[] Loads(ReadOnlySpan<long> powers, ReadOnlySpan<int> choices, int channels)
    {
        var loads = new long[channels];
        for (var user = 0; user < choices.Length; user++)
        {
            if (choices[user] != InterferenceGame.Local)
            {
                loads[choices[user] - 1] += powers[user];
            }
        }
        return loads;
    }
}
