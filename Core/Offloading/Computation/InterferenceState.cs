namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// A profile of an <see cref="InterferenceGame"/> with its loads and its potential, all kept exact under moves.
/// </summary>
public sealed class InterferenceState
{
    private readonly int[] _choices;
    private readonly LoadTree _loads;

    /// <param name="choices">[users], copied; all local where empty.</param>
    public InterferenceState(InterferenceGame game, ReadOnlySpan<int> choices = default)
    {
        Game = game;
        _choices = choices.IsEmpty ? new int[game.Users] : choices.ToArray();
        if (_choices.Length != game.Users)
        {
            throw OrleansEdgeException.WrongData($"{_choices.Length} choices for {game.Users} users");
        }
        _loads = new LoadTree(game.Loads(_choices));
        Potential = game.Potential(_choices);
    }

    public InterferenceGame Game { get; }

    /// <summary>[users]: 0 for local, or a 1-based channel.</summary>
    public ReadOnlySpan<int> Choices => _choices;

    /// <summary>rho of every channel, with the least loaded at hand.</summary>
    public LoadTree Loads => _loads;

    /// <summary>Phi in squared units.</summary>
    public Int128 Potential { get; private set; }

    /// <summary>How often a user has changed its choice.</summary>
    public long Moves { get; private set; }

    /// <summary>The user's cost now: T if local, else the others' power on its channel.</summary>
    public long Cost(int user) => CostOf(user, _choices[user]);

    /// <summary>The user's cost if it alone changed its choice.</summary>
    public long CostOf(int user, int choice)
    {
        if (choice == InterferenceGame.Local)
        {
            return Game.Thresholds[user];
        }
        var load = _loads[choice - 1];
        return choice == _choices[user] ? load - Game.Powers[user] : load;
    }

    /// <summary>See <see cref="InterferenceGame.BestResponse"/>.</summary>
    public int BestResponse(int user) =>
        InterferenceGame.BestResponse(_loads, Game.Powers[user], Game.Thresholds[user], _choices[user]);

    /// <summary>
    /// Moves one user, whether it gains or not; the potential changes by Q times the change of its cost.
    /// </summary>
    public void Move(int user, int choice)
    {
        var current = _choices[user];
        if (choice == current)
        {
            return;
        }
        var power = Game.Powers[user];
        Potential += (Int128)power * (CostOf(user, choice) - Cost(user));
        if (current != InterferenceGame.Local)
        {
            _loads.Add(current - 1, -power);
        }
        if (choice != InterferenceGame.Local)
        {
            _loads.Add(choice - 1, power);
        }
        _choices[user] = choice;
        Moves++;
    }

    /// <summary>Lets the users of a range respond one after the other; returns the moves made.</summary>
    public long Sweep(int start, int end)
    {
        var moves = 0L;
        var powers = Game.Powers[start..end];
        var thresholds = Game.Thresholds[start..end];
        var choices = _choices.AsSpan(start..end);
        for (var i = 0; i < choices.Length; i++)
        {
            var choice = InterferenceGame.BestResponse(_loads, powers[i], thresholds[i], choices[i]);
            if (choice != choices[i])
            {
                Move(start + i, choice);
                moves++;
            }
        }
        return moves;
    }
}
