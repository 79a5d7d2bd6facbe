using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Offloading;
using OrleansEdge.Simulation.Storage;

namespace OrleansEdge.Tests.Offloading;

public sealed class SimulatedOffloadingTests
{
    private static readonly OffloadingOptions Crowd = new() { Users = 60, Channels = 6, InputBits = 2.5e6 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void The_faithful_game_makes_the_slots_draws_and_messages_of_the_in_memory_protocol(ulong seed, int sites)
    {
        var game = OffloadingGame.Draw(Crowd, seed);
        var expected = OffloadingProtocol.Run(game, seed);
        var result = Play(Job(OffloadingMode.Faithful, seed) with { Sites = sites });
        Assert.Equal(expected.Profile, result.Profile);
        Assert.Equal(expected.Certificate, result.Certificate);
        Assert.Equal(expected.Requests, result.Status.Requests);
        Assert.Equal(OffloadingOutcome.Of(game), result.Outcome);
        Assert.Equal(sites, result.Status.SiteOpenings);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void Groups_in_turn_end_in_the_profile_of_the_in_memory_sweeps(ulong seed, int sites)
    {
        var expected = OffloadingSweeps.Run(OffloadingGame.Draw(Crowd, seed));
        var result = Play(Job(OffloadingMode.Scaled, seed) with { Sites = sites, Groups = 7 });
        Assert.Equal(expected.Profile, result.Profile);
        Assert.Equal(expected.Certificate.Steps, result.Certificate.Steps);
        Assert.Equal(expected.Certificate.PotentialEnd, result.Certificate.PotentialEnd);
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0, StopReason: StopReason.Equilibrium });
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void Neither_loss_nor_jitter_nor_cores_change_the_equilibrium(OffloadingMode mode)
    {
        var job = Job(mode, 3) with { Sites = 2, Groups = 5 };
        var still = Play(job);
        var lossy = new OffloadingFleet { LossProbability = 0.1, JitterSeconds = 50e-6 };
        var (one, two) = (Play(job, lossy, cores: 1), Play(job, lossy, cores: 2));
        Assert.Equal(still.Certificate, one.Certificate);
        Assert.Equal(still.Profile, one.Profile);
        Assert.True(one.LostMessages > 0 && one.Status.Retries > 0);
        Assert.Equal(one.TraceHash, two.TraceHash);
        Assert.Equal(one.Certificate, two.Certificate);
        Assert.NotEqual(still.TraceHash, one.TraceHash);
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void A_game_ends_certified_though_storage_fails_now_and_then(OffloadingMode mode)
    {
        var job = Job(mode, 3) with { Sites = 2, Groups = 5 };
        var failing = new OffloadingFleet { Storage = new StorageOptions { WriteFailureProbability = 0.2 } };
        var result = Play(job, failing);
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0, StopReason: StopReason.Equilibrium });
        Assert.True(result.Status.Retries > 0);
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void When_a_site_fails_for_good_its_players_move_on_and_the_game_ends_certified(OffloadingMode mode)
    {
        var crash =
            new FaultPlan { Crashes = [new CrashFault(OffloadingFleet.SiteNode(1), AtSeconds: HalfTime(mode))] };
        var result = Play(Job(mode, 4) with { Sites = 3, Groups = 6 }, new OffloadingFleet { Faults = crash });
        Assert.Equal([1], result.Status.ClosedSites);
        Assert.Equal("equilibrium", result.Status.ExitReason);
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0 });
        Assert.True(result.Status.Evictions > 0);
        Assert.DoesNotContain(result.Profile, choice => choice is 3 or 4);
        Assert.Contains(result.Profile, choice => choice is 1 or 2);
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void A_site_that_comes_back_without_memory_is_told_who_is_there(OffloadingMode mode)
    {
        var crash = new FaultPlan
        {
            Crashes = [new CrashFault(OffloadingFleet.SiteNode(0), HalfTime(mode), RestartAfterSeconds: 0.0005)],
        };
        var result = Play(Job(mode, 5) with { Sites = 2, Groups = 6 }, new OffloadingFleet { Faults = crash });
        Assert.Equal(3, result.Status.SiteOpenings);
        Assert.Empty(result.Status.ClosedSites);
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0 });
        Assert.Equal(0, result.Status.Evictions);
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void A_player_that_comes_back_goes_on_from_where_it_was(OffloadingMode mode)
    {
        var crash = new FaultPlan
        {
            Crashes =
            [
                new CrashFault(OffloadingFleet.PlayerNode(0), HalfTime(mode), RestartAfterSeconds: 0.02),
                new CrashFault(OffloadingFleet.PlayerNode(2), HalfTime(mode) / 2, RestartAfterSeconds: 0.001),
            ],
        };
        var job = Job(mode, 6) with { Sites = 2, Groups = 6 };
        var result = Play(job, new OffloadingFleet { Faults = crash });
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0, StopReason: StopReason.Equilibrium });
        Assert.True(result.Status.Retries > 0);
    }

    [Theory]
    [InlineData(OffloadingMode.Faithful)]
    [InlineData(OffloadingMode.Scaled)]
    public void A_coordinator_that_comes_back_goes_on_with_the_game(OffloadingMode mode)
    {
        var crash = new FaultPlan
        {
            Crashes = [new CrashFault(OffloadingFleet.CoordinatorNode, HalfTime(mode), RestartAfterSeconds: 0.05)],
        };
        var job = Job(mode, 8) with { Sites = 2, Groups = 6 };
        var (still, result) = (Play(job), Play(job, new OffloadingFleet { Faults = crash }));
        Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0, StopReason: StopReason.Equilibrium });
        Assert.Equal(4, result.Status.SiteOpenings);
        Assert.InRange(result.Status.Updates, still.Status.Updates / 2, 2 * still.Status.Updates);
        Assert.InRange(result.VirtualSeconds, HalfTime(mode), 1);
    }

    [Fact]
    public void A_coordinator_that_stays_away_ends_the_run_with_the_reason() =>
        AssertGivenUp("the coordinator does not answer", OffloadingFleet.CoordinatorNode);

    [Fact]
    public void The_last_site_or_a_player_that_stays_away_ends_the_game_with_the_reason()
    {
        AssertGivenUp("failed: no site answers", OffloadingFleet.SiteNode(0));
        AssertGivenUp("IOffloadingPlayer.Announce", OffloadingFleet.PlayerNode(7));
    }

    [Fact]
    public void A_slot_limit_ends_the_game_without_a_claim()
    {
        var result = Play(Job(OffloadingMode.Faithful, 1) with { MaxSlots = 3 });
        Assert.Equal("slot-limit", result.Status.ExitReason);
        Assert.Equal((3L, 3L, StopReason.StepLimit, false), (
            result.Status.Slots, result.Status.Updates, result.Certificate.StopReason, result.Certificate.IsEquilibrium));
    }

    [Fact]
    public void Asking_to_stop_ends_the_game_after_the_slot()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var job = Job(OffloadingMode.Faithful, 1) with { SlotSeconds = 0.02 };
        var result = new SimulatedOffloading(1).Run(job, new OffloadingFleet(), null, stop.Token);
        Assert.Equal(("stopped", StopReason.Stopped), (result.Status.ExitReason, result.Certificate.StopReason));
        Assert.True(result.Status.Slots < 5);
    }

    [Fact]
    public void Messages_of_a_round_are_a_few_for_each_group()
    {
        var result = Play(Job(OffloadingMode.Scaled, 7) with { Groups = 10, Sites = 2 });
        // A turn: loads of two sites, the turn itself, at most two holdings for each site; each with its reply.
        Assert.InRange(result.Messages, 1, (result.Status.Rounds * 10 * 2 * (2 + 1 + 4)) + 200);
    }

    [Fact]
    public void Wrong_jobs_are_named()
    {
        AssertWrong("Sites is 7; expected 1 to 6", Job(OffloadingMode.Faithful, 1) with { Sites = 7 });
        AssertWrong("Groups is 61; expected 1 to 60", Job(OffloadingMode.Scaled, 1) with { Groups = 61 });
        AssertWrong("SlotSeconds is NaN", Job(OffloadingMode.Faithful, 1) with { SlotSeconds = double.NaN });
        AssertWrong("Name is a/b", Job(OffloadingMode.Faithful, 1) with { Name = "a/b" });
        AssertWrong("Users is 100001; expected at most 100000", Job(OffloadingMode.Faithful, 1) with
        {
            Cell = OffloadingCell.Of(Crowd with { Users = 100_001 }),
        });
    }

    private static OffloadingJob Job(OffloadingMode mode, ulong seed) =>
        new() { Mode = mode, Seed = seed, Cell = OffloadingCell.Of(Crowd), Groups = 4 };

    /// <summary>Virtual seconds after which about half of the game is played.</summary>
    private static double HalfTime(OffloadingMode mode) => mode == OffloadingMode.Faithful ? 0.0015 : 0.0001;

    private static SimulatedOffloadingResult Play(OffloadingJob job, OffloadingFleet? fleet = null, int cores = 1) =>
        new SimulatedOffloading(cores).Run(job, fleet ?? new OffloadingFleet());

    private static void AssertGivenUp(string expected, string crashed)
    {
        var fleet =
            new OffloadingFleet { Faults = new FaultPlan { Crashes = [new CrashFault(crashed, AtSeconds: 0.001)] } };
        var exception = Assert.Throws<OrleansEdgeException>(() => Play(Job(OffloadingMode.Faithful, 1), fleet));
        Assert.Equal(ExitCode.NotReached, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static void AssertWrong(string expected, OffloadingJob job)
    {
        var exception = Assert.Throws<OrleansEdgeException>(() => Play(job));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
