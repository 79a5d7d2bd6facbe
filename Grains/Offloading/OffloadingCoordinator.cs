using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Offloading;

/// <summary>Sets up the grains of one game and plays it, one slot a turn.</summary>
public sealed partial class OffloadingCoordinator(
    GrainKey key, IGrains grains, TimeProvider clock, ITurns turns, IComputePool compute,
    [PersistentState("offloading", "jobs")] IPersistentState<StoredGame> stored,
    IOffloadingObserver? observer = null) : IOffloadingCoordinator, ISiteWatchHost
{
    /// <summary>What it takes to draw a user and its threshold.</summary>
    private const double OperationsPerUser = 200;

    /// <summary>
    /// Slots in a row that came to nothing, because somebody did not answer, after which the game is given up.
    /// </summary>
    private const int MaxVoidSlots = 60;

    private OffloadingJob? _job;
    private OffloadingPhase _phase;
    private string? _exitReason;
    private bool _isStopping;
    private SiteWatch? _sites;
    private KeyRange[] _users = [];
    private long[] _powers = [];
    private int _voidSlots;

    public async Task Start(OffloadingJob job)
    {
        job.Validate();
        Recover();
        if (_phase == OffloadingPhase.Running)
        {
            throw OrleansEdgeException.Usage($"game '{key.Value}' is running already; stop it or choose another name");
        }
        var epoch = stored.State.Epoch + 1;
        var account = new StoredGame { Epoch = epoch, GameEpoch = epoch, Job = job, Phase = OffloadingPhase.Running };
        TakeUp(job, account, isFresh: true); // before the first wait: whoever asks meanwhile finds this game
        try
        {
            await Ask(() => Directory.Add(job.Name));
            await Ask(() => Save(account));
        }
        catch (Exception e)
        {
            await End($"failed: {e.Message}");
            throw;
        }
        turns.After(TimeSpan.Zero, Slot);
    }

    public Task<OffloadingJob?> Job()
    {
        Recover();
        return Task.FromResult(_job);
    }

    public Task<OffloadingStatus> Status()
    {
        Recover();
        return Task.FromResult(new OffloadingStatus(
            _phase, _exitReason, _slots, Rounds, _requests, _updates, _evictions,
            _phase == OffloadingPhase.Running ? _sites!.Closed() : stored.State.ClosedSites,
            _openings, _retries, _phase == OffloadingPhase.Running ? Elapsed : _seconds));
    }

    public Task Stop()
    {
        Recover();
        _isStopping = true;
        return Task.CompletedTask;
    }

    async Task<long> ISiteWatchHost.NextEpoch()
    {
        await Save(Account(stored.State.Epoch + 1));
        return stored.State.Epoch;
    }

    async Task<MemberReport[]> ISiteWatchHost.Reports()
    {
        if (_isFresh && _announced == 0)
        {
            return [];
        }
        var members = Enumerable.Range(0, _users.Length).ToArray();
        var reports = await Task.WhenAll(members.Select(member => Ask(() => Report(member))));
        _unsettled.UnionWith(members.Where(member => !reports[member].IsSettled));
        return reports;
    }

    ReadOnlySpan<long> ISiteWatchHost.PowersOf(int member) =>
        _powers.AsSpan(_users[member].Start, _users[member].Length);

    private IJobDirectory Directory => grains.Get<IJobDirectory>(IJobDirectory.GamesKey);

    void ISiteWatchHost.CountRetry() => _retries++;

    void ISiteWatchHost.CountOpening() => _openings++;

    /// <summary>Draws the users and enrols them with their members.</summary>
    private async Task SetUp(OffloadingJob job)
    {
        var (options, seed) = (job.Cell.ToOptions(), job.Seed);
        var (powers, thresholds) = await compute.Run(
            () =>
            {
                var game = OffloadingGame.Draw(options, seed).Interference;
                return (game.Powers.ToArray(), game.Thresholds.ToArray());
            },
            OperationsPerUser * job.Cell.Users);
        await Task.WhenAll(_users.Select((users, member) => Ask(() => Enrol(member, new Enrolment(
            stored.State.GameEpoch, member, users.Start, job.Cell.Channels, job.Sites,
            powers[users.Start..users.End], thresholds[users.Start..users.End], job.SiteNames)))));
        _powers = powers;
    }

    /// <summary>One slot; ends by arranging the next.</summary>
    private async Task Slot()
    {
        if (_isStopping)
        {
            await End("stopped");
            return;
        }
        var (job, began) = (_job!, clock.GetTimestamp());
        try
        {
            if (_powers.Length == 0)
            {
                await SetUp(job);
            }
            var isEquilibrium = job.Mode == OffloadingMode.Faithful ? await PlaySlot(_sites!) : await PlayTurn(_sites!);
            if (isEquilibrium || _slots >= job.MaxSlots)
            {
                await End(isEquilibrium ? "equilibrium" : "slot-limit");
                return;
            }
            await Save(Account(stored.State.Epoch));
            _voidSlots = 0;
            var rest = job.Mode == OffloadingMode.Faithful
                ? TimeSpan.FromSeconds(job.SlotSeconds) - clock.GetElapsedTime(began)
                : TimeSpan.Zero;
            turns.After(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Slot);
        }
        catch (Exception e) when (e is not OrleansEdgeException && ++_voidSlots < MaxVoidSlots)
        {
            turns.After(Pause(_voidSlots), Slot);
        }
        catch (Exception e)
        {
            await End($"failed: {e.Message}");
        }
    }

    /// <summary>Doubles from a millisecond to a second.</summary>
    private static TimeSpan Pause(int voidSlots) => TimeSpan.FromMilliseconds(1 << Math.Min(voidSlots - 1, 10));
}
