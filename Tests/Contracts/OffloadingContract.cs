using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Tests.Contracts;

/// <summary>
/// Offloading games. Where no machine fails, a game among grains is the game in memory: the expected values are those
/// of Core, and so every host gives what the others give, to the last bit of the profile.
/// </summary>
public abstract class OffloadingContract : GrainContract
{
    private static readonly OffloadingOptions Crowd = new() { Users = 24, Channels = 5, InputBits = 2.5e6 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public Task A_faithful_game_is_the_protocol_in_memory(ulong seed, int sites) => Run(async grains =>
    {
        var job = Job("faithful", OffloadingMode.Faithful, seed) with { Sites = sites };
        await RequireFaithful(new GameRun(grains, job, Host.Time), job);
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public Task A_scaled_game_is_the_sweeps_in_memory(ulong seed, int sites) => Run(async grains =>
    {
        var job = Job("scaled", OffloadingMode.Scaled, seed) with { Sites = sites };
        await RequireScaled(new GameRun(grains, job, Host.Time), job);
    });

    [Fact]
    public Task Games_at_the_same_time_do_not_mix() => Run(async grains =>
    {
        var one = Job("one", OffloadingMode.Faithful, 3) with { Sites = 2 };
        var two = Job("two", OffloadingMode.Faithful, 4) with { Sites = 3 };
        var scaled = Job("three", OffloadingMode.Scaled, 5) with { Sites = 2 };
        await Task.WhenAll(
            RequireFaithful(new GameRun(grains, one, Host.Time), one),
            RequireFaithful(new GameRun(grains, two, Host.Time), two),
            RequireScaled(new GameRun(grains, scaled, Host.Time), scaled));
    });

    [Fact]
    public Task Where_edge_sites_stand_does_not_change_the_game() => Run(async grains =>
    {
        var job = Job("pinned", OffloadingMode.Faithful, 6) with { Sites = 4, SiteNames = ["north", "south"] };
        await RequireFaithful(new GameRun(grains, job, Host.Time), job);
    });

    [Fact]
    public Task Another_game_of_the_same_name_begins_anew() => Run(async grains =>
    {
        var first = Job("again", OffloadingMode.Faithful, 7) with { Sites = 2 };
        await RequireFaithful(new GameRun(grains, first, Host.Time), first);
        var second = first with { Seed = 8, Sites = 3 };
        await RequireFaithful(new GameRun(grains, second, Host.Time), second);
    });

    [Fact]
    public Task A_game_can_be_asked_for_its_status_at_any_time() => Run(async grains =>
    {
        var job = Job("asked", OffloadingMode.Faithful, 9);
        var run = new GameRun(grains, job, Host.Time);
        var idle = await run.Coordinator.Status();
        Assert.Equal((OffloadingPhase.Idle, 0L), (idle.Phase, idle.Slots));
        Assert.Null(await run.Coordinator.Job());
        var starting = run.Coordinator.Start(job);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => run.Coordinator.Status()));
        await starting;
        Assert.Equal(job.Seed, (await run.Coordinator.Job())?.Seed);
        var seen = answers.Where(status => status.Phase != OffloadingPhase.Idle).ToList();
        var end = await run.Until(status =>
        {
            seen.Add(status);
            return status.Phase == OffloadingPhase.Ended;
        });
        Assert.Equal(seen.Select(status => status.Slots).Order(), seen.Select(status => status.Slots));
        Assert.All(seen.SkipLast(1), status => Assert.Equal(OffloadingPhase.Running, status.Phase));
        await Wait(2 * Moment);
        Assert.Equal(end, await run.Coordinator.Status() with { ClosedSites = end.ClosedSites });
        await RequireFaithfulEnd(run, job, end);
    });

    [Fact]
    public Task A_game_that_is_stopped_ends_after_the_slot() => Run(async grains =>
    {
        var job = Job("stopped", OffloadingMode.Faithful, 10) with { Sites = 2, SlotSeconds = Moment.TotalSeconds };
        var run = new GameRun(grains, job, Host.Time);
        await run.Coordinator.Start(job);
        await run.Until(status => status.Slots >= 2);
        await run.Coordinator.Stop();
        var end = await run.ToItsEnd();
        Assert.Equal("stopped", end.ExitReason);
        Assert.InRange(end.Slots, 2, 10);
        Assert.Equal(end.Slots, end.Updates);
        var certificate = (await run.Judge(end)).Certificate;
        Assert.Equal((StopReason.Stopped, false), (certificate.StopReason, certificate.IsEquilibrium));
        Assert.True(certificate.PotentialEnd < certificate.PotentialStart);
        await Wait(3 * Moment);
        Assert.Equal(end.Slots, (await run.Coordinator.Status()).Slots);
    });

    [Fact]
    public Task A_wrong_game_is_refused_with_its_exit_code() => Run(async grains =>
    {
        var job = Job("wrong", OffloadingMode.Faithful, 11) with { Sites = 6 };
        var run = new GameRun(grains, job, Host.Time);
        var refusal = await Assert.ThrowsAsync<OrleansEdgeException>(() => run.Coordinator.Start(job));
        Assert.Equal("Sites is 6; expected 1 to 5, the number of channels", refusal.Message);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.Equal(OffloadingPhase.Idle, (await run.Coordinator.Status()).Phase);
    });

    [Fact]
    public Task A_second_game_of_a_name_is_refused_while_the_first_runs() => Run(async grains =>
    {
        var job = Job("twice", OffloadingMode.Faithful, 12) with { SlotSeconds = Moment.TotalSeconds };
        var run = new GameRun(grains, job, Host.Time);
        await run.Coordinator.Start(job);
        var refusal = await Assert.ThrowsAsync<OrleansEdgeException>(() => run.Coordinator.Start(job));
        Assert.Equal("game 'twice' is running already; stop it or choose another name", refusal.Message);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        await run.Coordinator.Stop();
        Assert.Equal("stopped", (await run.ToItsEnd()).ExitReason);
    });

    private static OffloadingJob Job(string name, OffloadingMode mode, ulong seed) => new()
    {
        Name = name,
        Mode = mode,
        Seed = seed,
        Cell = OffloadingCell.Of(Crowd),
        Groups = 4,
    };

    private static async Task RequireFaithful(GameRun run, OffloadingJob job) =>
        await RequireFaithfulEnd(run, job, await run.Play());

    private static async Task RequireFaithfulEnd(GameRun run, OffloadingJob job, OffloadingStatus end)
    {
        var expected = OffloadingProtocol.Run(OffloadingGame.Draw(Crowd, job.Seed), job.Seed);
        var verdict = await run.Judge(end);
        Assert.Equal("equilibrium", end.ExitReason);
        Assert.True(verdict.Certificate is { IsEquilibrium: true, MaxRegret: 0 });
        Assert.Equal(expected.Profile, await run.Profile());
        Assert.Equal(expected.Certificate, verdict.Certificate); // slots, requests, updates, potentials, hash
        Assert.Equal((expected.Requests, 0L, (long)job.Sites), (end.Requests, end.Evictions, end.SiteOpenings));
    }

    private static async Task RequireScaled(GameRun run, OffloadingJob job)
    {
        var expected = OffloadingSweeps.Run(OffloadingGame.Draw(Crowd, job.Seed));
        var end = await run.Play();
        var certificate = (await run.Judge(end)).Certificate;
        Assert.Equal("equilibrium", end.ExitReason);
        Assert.True(certificate is { IsEquilibrium: true, MaxRegret: 0 });
        Assert.Equal(expected.Profile, await run.Profile());
        Assert.Equal(expected.Certificate.ProfileHash, certificate.ProfileHash);
        Assert.Equal(expected.Certificate.PotentialEnd, certificate.PotentialEnd);
        Assert.Equal(expected.Certificate.Steps, certificate.Steps);
        Assert.InRange(certificate.Slots, expected.Certificate.Slots - 1, expected.Certificate.Slots);
    }
}
