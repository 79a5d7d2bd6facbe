namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>What a central search of the offloading game looks for.</summary>
public enum OffloadingObjective
{
    /// <summary>The least total overhead.</summary>
    TotalOverhead,

    /// <summary>The most beneficial users (NP-hard: bin packing).</summary>
    BeneficialUsers,
}

/// <summary>A profile that a central search found.</summary>
/// <param name="Choices">[users].</param>
/// <param name="Value">Total overhead, or beneficial users.</param>
/// <param name="IsProven">No profile is better.</param>
/// <param name="Nodes">Partial profiles looked at.</param>
public sealed record OffloadingOptimum(int[] Choices, double Value, bool IsProven, long Nodes);

/// <summary>
/// The exact central optimum by depth-first branch and bound. Interference only grows as users are added, so the
/// overheads so far and, for the rest, the cheaper of local and the emptiest channel are a lower bound. Equal empty
/// channels are tried once. For small games: the work grows as (channels + 1)^users.
/// </summary>
public sealed class OffloadingExactSearch
{
    private readonly OffloadingGame _game;
    private readonly OffloadingObjective _objective;
    private readonly long _maxNodes;
    private readonly CancellationToken _stop;
    private readonly ChannelOverheads _channels;
    private readonly int[] _order;
    private readonly int[] _choices;
    private int[] _best;
    private double _bestCost;
    private long _nodes;

    private OffloadingExactSearch(
        OffloadingGame game, OffloadingObjective objective, long maxNodes, CancellationToken stop)
    {
        (_game, _objective, _maxNodes, _stop) = (game, objective, maxNodes, stop);
        _channels = new ChannelOverheads(game);
        _choices = new int[game.PlayerCount];
        _best = OffloadingBaselines.AllLocal(game);
        _order = [.. Enumerable.Range(0, game.PlayerCount).OrderByDescending(user => game.Interference.Powers[user])];
        _bestCost = objective == OffloadingObjective.BeneficialUsers ? game.PlayerCount
            : _order.Sum(user => game.Overhead(user, InterferenceGame.Local, 0));
    }

    /// <summary>Searches; the game's own profile is not used or changed.</summary>
    /// <param name="maxNodes">After as many partial profiles the best so far is returned, unproven.</param>
    /// <param name="stop">Ends the search with the best so far, unproven.</param>
    public static OffloadingOptimum Solve(
        OffloadingGame game, OffloadingObjective objective, long maxNodes = 20_000_000, CancellationToken stop = default)
    {
        var search = new OffloadingExactSearch(game, objective, maxNodes, stop);
        search.Branch(0, 0);
        var value = objective == OffloadingObjective.BeneficialUsers
            ? game.PlayerCount - search._bestCost
            : search._bestCost;
        return new OffloadingOptimum(search._best, value, search._nodes < maxNodes && !stop.IsCancellationRequested, search._nodes);
    }

    // Costs are minimised: the total overhead, or the number of users that are not beneficial.
    private void Branch(int depth, double localCost)
    {
        if (++_nodes >= _maxNodes || _stop.IsCancellationRequested || LowerBound(depth, localCost) >= _bestCost)
        {
            return;
        }
        if (depth == _order.Length)
        {
            (_best, _bestCost) = ([.. _choices], LowerBound(depth, localCost));
            return;
        }
        var user = _order[depth];
        var triedEmpty = false;
        for (var channel = 1; channel <= _game.Channels; channel++)
        {
            var isEmpty = _channels.Count(channel) == 0;
            if (isEmpty && triedEmpty)
            {
                continue;
            }
            triedEmpty |= isEmpty;
            _channels.Join(channel, user);
            _choices[user] = channel;
            if (_objective == OffloadingObjective.TotalOverhead || AllBeneficial(channel))
            {
                Branch(depth + 1, localCost);
            }
            _channels.LeaveLast(channel);
        }
        _choices[user] = InterferenceGame.Local;
        var own = _objective == OffloadingObjective.BeneficialUsers ? 1
            : _game.Overhead(user, InterferenceGame.Local, 0);
        Branch(depth + 1, localCost + own);
    }

    private double LowerBound(int depth, double localCost)
    {
        if (_objective == OffloadingObjective.BeneficialUsers)
        {
            return localCost;
        }
        var (bound, least) = (localCost, long.MaxValue);
        for (var channel = 1; channel <= _game.Channels; channel++)
        {
            bound += _channels.Total(channel);
            least = Math.Min(least, _channels.Load(channel));
        }
        for (var i = depth; i < _order.Length; i++)
        {
            var user = _order[i];
            bound += Math.Min(_game.Overhead(user, InterferenceGame.Local, 0), _game.Overhead(user, 1, least));
        }
        return bound;
    }

    private bool AllBeneficial(int channel)
    {
        var load = _channels.Load(channel);
        foreach (var member in _channels.Members(channel))
        {
            if (load - _game.Interference.Powers[member] > _game.Interference.Thresholds[member])
            {
                return false;
            }
        }
        return true;
    }
}
