using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>
/// How a game outlives the activation of its coordinator: the account is stored after every slot. Choices and loads
/// are not in it; a new activation opens all sites anew with what the members say.
/// </summary>
public sealed partial class OffloadingCoordinator
{
    /// <summary>Attempts to store how the game ended.</summary>
    private const int EndAttempts = 12;

    private long _startedAt;
    private double _secondsBefore;
    private double _seconds;
    private bool _mustRead;
    private bool _isFresh;

    private double Elapsed => _secondsBefore + clock.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>On the first request of an activation: takes up the game that is stored, and goes on with it.</summary>
    private void Recover()
    {
        if (_job is null && stored.State is { Job: { } job } saved)
        {
            TakeUp(job, saved, isFresh: false);
            if (_phase == OffloadingPhase.Running)
            {
                turns.After(TimeSpan.Zero, Slot);
            }
        }
    }

    /// <summary>
    /// Goes on from an account. Slots after the last one stored may have been begun, at most as many as may come to
    /// nothing in a row: their numbers are not used again. The first slot is as one after such a slot.
    /// </summary>
    private void TakeUp(OffloadingJob job, StoredGame saved, bool isFresh)
    {
        (_job, _phase, _exitReason, _isStopping) = (job, saved.Phase, saved.ExitReason, false);
        (_startedAt, _secondsBefore, _seconds) = (clock.GetTimestamp(), saved.Seconds, saved.Seconds);
        (_slots, _announced) = (saved.Slots, saved.Announced + (isFresh ? 0 : MaxVoidSlots));
        (_requests, _updates) = (saved.Requests, saved.Updates);
        (_evictions, _retries, _openings) = (saved.Evictions, saved.Retries, saved.Openings);
        (_quietTurns, _voidSlots, _powers, _isFresh) = (0, isFresh ? 0 : 1, [], isFresh);
        _winners = new RandomStream(job.Seed, "dynamics.winner") { Position = saved.Draws };
        _unsettled.Clear();
        _sites = new SiteWatch(grains, clock, job, this, observer, saved.ClosedSites);
        for (var site = 0; _phase == OffloadingPhase.Running && site < job.Sites; site++)
        {
            observer?.Closed(site); // until this activation has opened it
        }
        _users = KeyRange.Split(job.Cell.Users, job.Members);
    }

    private StoredGame Account(long epoch) => Account(epoch, _phase, _exitReason, Elapsed);

    private StoredGame Account(long epoch, OffloadingPhase phase, string? exitReason, double seconds) => new()
    {
        Epoch = epoch,
        GameEpoch = stored.State.GameEpoch,
        Job = _job,
        Phase = phase,
        ExitReason = exitReason,
        Slots = _slots,
        Announced = _announced,
        Requests = _requests,
        Updates = _updates,
        Evictions = _evictions,
        Retries = _retries,
        Openings = _openings,
        Draws = _winners.Position,
        Seconds = seconds,
        ClosedSites = _sites!.Closed(),
    };

    /// <summary>Stores an account; when that fails, the epoch is the larger of the two that may be stored.</summary>
    private async Task Save(StoredGame account)
    {
        if (_mustRead)
        {
            await stored.ReadStateAsync(); // for the version: the write that failed may have been done
            account.Epoch = Math.Max(account.Epoch, stored.State.Epoch + 1);
        }
        (_mustRead, stored.State) = (true, account);
        await stored.WriteStateAsync();
        _mustRead = false;
    }

    /// <summary>
    /// The game has ended once that is stored; where storage does not come back it ends in memory alone, and an
    /// activation after this one plays the last slot again.
    /// </summary>
    private async Task End(string reason)
    {
        var seconds = Elapsed;
        try
        {
            await Retry.Within(
                clock,
                () => Save(Account(stored.State.Epoch, OffloadingPhase.Ended, reason, seconds)),
                Backoff.Brisk(EndAttempts));
        }
        catch (Exception e) when (e is not OrleansEdgeException)
        {
            // An end that is not stored is better than none.
        }
        (_phase, _exitReason, _seconds) = (OffloadingPhase.Ended, reason, seconds);
        // Given up: who looks after running games finds that this one has ended, and removes it.
        Retry.Beside(
            turns,
            () => _phase == OffloadingPhase.Running ? Task.CompletedTask : Directory.Remove(key.Value),
            Backoff.Patient, _ => { });
    }
}

/// <summary>What a coordinator keeps in grain storage.</summary>
[GenerateSerializer, Alias("oe.stored-offloading-game")]
public sealed class StoredGame
{
    /// <summary>The last number that a game or a site's opening was given.</summary>
    [Id(0)] public long Epoch { get; set; }

    /// <summary>The number of this game.</summary>
    [Id(1)] public long GameEpoch { get; set; }

    [Id(2)] public OffloadingJob? Job { get; set; }

    [Id(3)] public OffloadingPhase Phase { get; set; }

    [Id(4)] public string? ExitReason { get; set; }

    [Id(5)] public long Slots { get; set; }

    [Id(6)] public long Announced { get; set; }

    [Id(7)] public long Requests { get; set; }

    [Id(8)] public long Updates { get; set; }

    [Id(9)] public long Evictions { get; set; }

    [Id(10)] public long Retries { get; set; }

    [Id(11)] public long Openings { get; set; }

    /// <summary>Winners drawn so far.</summary>
    [Id(12)] public ulong Draws { get; set; }

    [Id(13)] public double Seconds { get; set; }

    [Id(14)] public int[] ClosedSites { get; set; } = [];
}
