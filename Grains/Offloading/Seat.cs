using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>
/// What player and group have in common: the stored choices of their users, which alone count, and the duty to tell
/// the sites. Choices are stored before a site hears of them; a member that cannot know what the sites have heard
/// tells them anew.
/// </summary>
internal sealed class Seat(
    string job, IGrains grains, TimeProvider clock, IPersistentState<StoredMember> stored,
    IOffloadingObserver? observer)
{
    private PlayerBlock? _block;
    private SiteLinks? _links;
    private bool _isSettled;
    private bool _mustRead;
    private (long Slot, int Users) _evicted;
    private long _settledIn;

    /// <summary>The member's users.</summary>
    /// <exception cref="InvalidOperationException">The member has not been enrolled.</exception>
    public PlayerBlock Block => _block ?? throw new InvalidOperationException("the member has not been enrolled");

    /// <summary>The sites know where the users are, as far as this member can tell.</summary>
    public bool IsSettled => _isSettled;

    public async Task Enrol(Enrolment enrolment)
    {
        await Recover();
        if (stored.State.Enrolment?.Epoch >= enrolment.Epoch)
        {
            return;
        }
        await Write(enrolment, new int[enrolment.Powers.Length], sequence: 0, slot: 0, moves: 0);
        TakeUp();
        (_isSettled, _settledIn) = (true, 0);
    }

    /// <summary>The answer that was given in a slot, if this is a repetition of it.</summary>
    public async Task<MoveReply?> Recall(long slot)
    {
        await Recover();
        return stored.State.LastSlot == slot
            ? new MoveReply(stored.State.LastMoves, EvictionsIn(slot), Settled: false)
            : null;
    }

    /// <summary>
    /// Hears an announcement: users on closed channels compute locally. True if the sites had to be told anew where
    /// the users are: the announced loads may then be wrong, and are so when the announcement is repeated.
    /// </summary>
    public async Task<bool> Hear(LoadAnnouncement announcement)
    {
        await Recover();
        var evicted = Block.LeaveClosed(announcement.Loads);
        if (evicted > 0)
        {
            var (known, choices) = (stored.State, Block.Choices.ToArray());
            await Write(known.Enrolment!, choices, known.Sequence, known.LastSlot, known.LastMoves);
            _evicted = (announcement.Slot, evicted + EvictionsIn(announcement.Slot));
        }
        _links!.Epochs = announcement.SiteEpochs;
        if (_isSettled)
        {
            return _settledIn == announcement.Slot;
        }
        await Settle();
        _settledIn = announcement.Slot;
        return true;
    }

    /// <summary>Users that a closed site has lost in this slot.</summary>
    public int EvictionsIn(long slot) => _evicted.Slot == slot ? _evicted.Users : 0;

    /// <summary>
    /// Stores the choices that the block has come to from <paramref name="before"/>, and tells the sites.
    /// </summary>
    public async Task Commit(int[] before, long slot, int moves)
    {
        var after = Block.Choices.ToArray();
        var between = _links!.Sites.Between(before, after);
        var sequence = await Store(after, slot, moves);
        await _links.Tell(before, between, sequence - 1);
        await _links.Tell(between, after, sequence);
        _isSettled = true;
    }

    public async Task<MemberReport> Report()
    {
        await Recover();
        if (_block is null)
        {
            throw OrleansEdgeException.MissingInput($"game '{job}' has lost where its users are: it was not stored, or only in "
                + "the memory of silos");
        }
        return new MemberReport(stored.State.Sequence, Block.Choices.ToArray(), _isSettled);
    }

    /// <summary>Leaves every site and comes back to the right ones.</summary>
    private async Task Settle()
    {
        var choices = Block.Choices.ToArray();
        var sequence = await Store(choices, stored.State.LastSlot, stored.State.LastMoves);
        await _links!.Tell(before: null, after: null, sequence - 1);
        await _links.Tell(new int[choices.Length], choices, sequence);
        _isSettled = true;
    }

    /// <summary>Two holdings are given out with each record: one on the way, one at the end.</summary>
    private async Task<long> Store(int[] choices, long slot, int moves)
    {
        var sequence = stored.State.Sequence + 2;
        await Write(stored.State.Enrolment!, choices, sequence, slot, moves);
        _isSettled = false;
        return sequence;
    }

    /// <summary>Writes; when that fails, memory is given up for what the store holds in truth.</summary>
    private async Task Write(Enrolment enrolment, int[] choices, long sequence, long slot, int moves)
    {
        stored.State = new StoredMember
        {
            Enrolment = enrolment,
            Choices = choices,
            Sequence = sequence,
            LastSlot = slot,
            LastMoves = moves,
        };
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception)
        {
            (_block, _mustRead) = (null, true);
            throw;
        }
        observer?.Chose(enrolment.FirstUser, choices);
    }

    private async ValueTask Recover()
    {
        if (_mustRead)
        {
            await stored.ReadStateAsync();
            _mustRead = false;
        }
        if (_block is null && stored.State.Enrolment is not null)
        {
            TakeUp();
        }
    }

    private void TakeUp()
    {
        var enrolment = stored.State.Enrolment!;
        _block = new PlayerBlock(enrolment.Powers, enrolment.Thresholds, stored.State.Choices);
        _links = new SiteLinks(grains, clock, job, enrolment);
        _isSettled = false;
        observer?.Chose(enrolment.FirstUser, _block.Choices);
    }
}

/// <summary>What a member keeps in grain storage.</summary>
[GenerateSerializer, Alias("oe.stored-offloading-member")]
public sealed class StoredMember
{
    [Id(0)] public Enrolment? Enrolment { get; set; }

    [Id(1)] public int[] Choices { get; set; } = [];

    [Id(2)] public long Sequence { get; set; }

    [Id(3)] public long LastSlot { get; set; }

    [Id(4)] public int LastMoves { get; set; }
}
