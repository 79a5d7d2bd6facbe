using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>Many users, who respond one after the other when their group has its turn.</summary>
public sealed class PlayerGroup(
    GrainKey key, IGrains grains, TimeProvider clock,
    [PersistentState("group", "jobs")] IPersistentState<StoredMember> stored,
    IOffloadingObserver? observer = null) : IPlayerGroup
{
    private readonly Seat _seat = new(OffloadingKeys.JobOf(key.Value), grains, clock, stored, observer);

    public Task Enrol(Enrolment enrolment) => _seat.Enrol(enrolment);

    public async Task<MoveReply> Turn(LoadAnnouncement announcement)
    {
        if (await _seat.Hear(announcement))
        {
            return new MoveReply(0, _seat.EvictionsIn(announcement.Slot), Settled: true);
        }
        if (await _seat.Recall(announcement.Slot) is { } given)
        {
            return given;
        }
        var before = _seat.Block.Choices.ToArray();
        var moves = _seat.Block.Sweep(new LoadTree(announcement.Loads));
        if (moves > 0)
        {
            await _seat.Commit(before, announcement.Slot, moves);
        }
        return new MoveReply(moves, _seat.EvictionsIn(announcement.Slot), Settled: false);
    }

    public Task<MemberReport> Report() => _seat.Report();
}
