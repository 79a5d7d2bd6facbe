using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>The protocol of a slot, and what is counted.</summary>
public sealed partial class OffloadingCoordinator
{
    /// <summary>Groups that have their turn first, because the sites may not count them right.</summary>
    private readonly SortedSet<int> _unsettled = [];

    private RandomStream _winners;
    private long _announced;
    private long _slots;
    private long _requests;
    private long _updates;
    private long _evictions;
    private long _retries;
    private long _openings;
    private int _quietTurns;

    private long Rounds =>
        _job is { Mode: OffloadingMode.Scaled } ? (_slots + _users.Length - 1) / _users.Length : _slots;

    /// <summary>Announce to all, draw among the requests, grant; true if there was no request.</summary>
    private async Task<bool> PlaySlot(SiteWatch sites)
    {
        await sites.Refresh();
        var announcement = sites.Announcement(++_announced);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, _users.Length).Select(player => Ask(() => Player(player).Announce(announcement))));
        _evictions += replies.Count(reply => reply.Evicted);
        if (_voidSlots > 0 || replies.Any(reply => reply.Settled))
        {
            // Somebody may have moved, late, or come back after the sites were asked: the slot is played again.
            return false;
        }
        int[] requests = [.. Enumerable.Range(0, replies.Length).Where(player => replies[player].RequestsUpdate)];
        if (requests.Length > 0)
        {
            var winners = _winners;
            var winner = requests[winners.NextInt(requests.Length)];
            var reply = await Ask(() => Player(winner).Update(announcement.Slot));
            (_winners, _updates) = (winners, _updates + reply.Moves);
        }
        (_slots, _requests) = (_slots + 1, _requests + requests.Length);
        return requests.Length == 0;
    }

    /// <summary>The turn of the next group; true if no group has moved since it had its turn before.</summary>
    private async Task<bool> PlayTurn(SiteWatch sites)
    {
        if (await sites.Refresh())
        {
            _quietTurns = 0;
        }
        var isFirst = _unsettled.Count > 0;
        var group = isFirst ? _unsettled.Min : (int)(_slots % _users.Length);
        var announcement = sites.Announcement(_announced + 1); // the same again after a turn without an answer
        var reply = await Ask(() => Group(group).Turn(announcement));
        _announced++;
        _unsettled.Remove(group);
        _quietTurns = reply.Moves + reply.Evictions > 0 || reply.Settled || isFirst ? 0 : _quietTurns + 1;
        _evictions += reply.Evictions;
        if (!reply.Settled)
        {
            _slots++;
            _updates += reply.Moves;
        }
        return _quietTurns >= _users.Length;
    }

    private IOffloadingPlayer Player(int player) =>
        grains.Get<IOffloadingPlayer>(OffloadingKeys.Player(key.Value, player));

    private IPlayerGroup Group(int group) => grains.Get<IPlayerGroup>(OffloadingKeys.Group(key.Value, group));

    private Task Enrol(int member, Enrolment enrolment) => _job!.Mode == OffloadingMode.Faithful
        ? Player(member).Enrol(enrolment)
        : Group(member).Enrol(enrolment);

    private Task<MemberReport> Report(int member) => _job!.Mode == OffloadingMode.Faithful
        ? Player(member).Report()
        : Group(member).Report();

    private Task<T> Ask<T>(Func<Task<T>> call) => Retry.Within(clock, call, Backoff.Brisk(_job!.Attempts), () => _retries++);

    private Task Ask(Func<Task> call) => Retry.Within(clock, call, Backoff.Brisk(_job!.Attempts), () => _retries++);
}
