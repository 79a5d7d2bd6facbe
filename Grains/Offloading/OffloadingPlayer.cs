using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>One user: hears the loads, requests an update, moves when it is granted.</summary>
public sealed class OffloadingPlayer(
    GrainKey key, IGrains grains, TimeProvider clock,
    [PersistentState("player", "jobs")] IPersistentState<StoredMember> stored,
    IOffloadingObserver? observer = null) : IOffloadingPlayer
{
    private readonly Seat _seat = new(OffloadingKeys.JobOf(key.Value), grains, clock, stored, observer);
    private LoadAnnouncement? _heard;

    public Task Enrol(Enrolment enrolment) => _seat.Enrol(enrolment);

    public async Task<SlotReply> Announce(LoadAnnouncement announcement)
    {
        var settled = await _seat.Hear(announcement);
        _heard = settled ? null : announcement;
        var requests = !settled && Response(announcement) != _seat.Block.Choices[0];
        return new SlotReply(requests, _seat.EvictionsIn(announcement.Slot) > 0, settled);
    }

    public async Task<MoveReply> Update(long slot)
    {
        if (await _seat.Recall(slot) is { } given)
        {
            return given;
        }
        if (_heard is not { } announcement || announcement.Slot != slot || !_seat.IsSettled)
        {
            // Forgotten in a crash, or the write has failed and the memory is new: the player will request again.
            return new MoveReply(0, 0, Settled: false);
        }
        var (before, choice) = (_seat.Block.Choices.ToArray(), Response(announcement));
        _seat.Block.Move(0, choice, new LoadTree(announcement.Loads));
        await _seat.Commit(before, slot, before[0] == choice ? 0 : 1);
        return (await _seat.Recall(slot))!;
    }

    public Task<MemberReport> Report() => _seat.Report();

    private int Response(LoadAnnouncement announcement) =>
        _seat.Block.BestResponse(0, new LoadTree(announcement.Loads));
}
