using OrleansEdge.Client.Cluster;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Tests.Simulation;

namespace OrleansEdge.Tests.Client;

public sealed class ClusterPlayTests
{
    private static readonly OffloadingOptions Crowd = new() { Users = 20, Channels = 4, InputBits = 2.5e6 };

    private static readonly OffloadingJob Job =
        new() { Name = "crowd", Cell = OffloadingCell.Of(Crowd), Sites = 2, Seed = 3 };

    [Theory]
    [InlineData("Sites is 9; expected 1 to 5, the number of channels", "--sites", "9")]
    [InlineData("Name is a/b; expected 1 to 100 characters without '/' and '@'", "--name", "a/b")]
    [InlineData("SiteNames is a@b; expected 1 to 100 characters without '/' and '@'", "--at", "north,a@b")]
    [InlineData("Users is 200000; expected at most 100000 in the faithful mode", "--players", "200000")]
    [InlineData("--mode is memory; expected one of faithful, scaled", "--mode", "memory")]
    [InlineData("--gateway is nowhere; expected ADDRESS:PORT such as 127.0.0.1:30000", "--gateway", "nowhere")]
    public async Task A_wrong_option_is_named_in_one_line(string line, string option, string value)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("cluster", "submit", "play", "multi-channel", option, value);
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Equal([$"oe: {line}"], run.ErrorLines);
    }

    [Fact]
    public async Task Without_a_cluster_the_console_says_so_in_one_line()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("cluster", "submit", "play", "multi-channel", "--gateway", "127.0.0.1:1");
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        Assert.Single(run.ErrorLines);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_game_on_a_cluster_is_played_to_the_profile_of_the_game_in_memory()
    {
        using var host = SimulatedHost.OfProduct();
        var slots = new List<long>();
        var (status, profile) = await host.Run(grains => new ClusterGames(grains, host.Time).Play(
            Job, progress => slots.Add(progress.Slots), CancellationToken.None));
        Assert.Equal("equilibrium", status.ExitReason);
        Assert.Equal(OffloadingProtocol.Run(OffloadingGame.Draw(Crowd, Job.Seed), Job.Seed).Profile, profile);
        Assert.Equal(status.Slots, slots[^1]);
    }

    [Fact]
    public async Task A_game_goes_on_without_its_client_and_another_finds_it_by_its_name()
    {
        using var host = SimulatedHost.OfProduct();
        var (early, status, profile) = await host.Run(async grains =>
        {
            await grains.Get<IOffloadingCoordinator>(Job.Name).Start(Job);
            var games = new ClusterGames(grains, host.Time);
            var found = await games.Find(Job.Name, CancellationToken.None);
            Assert.Equal(JsonText.Of(Job), JsonText.Of(found));
            Assert.Equal([Job.Name], await games.Running(CancellationToken.None));
            var running = await games.Status(Job.Name, CancellationToken.None);
            var refused = await Assert.ThrowsAsync<OrleansEdgeException>(
                () => games.Profile(Job, running, CancellationToken.None));
            var ended = await games.Watch(Job.Name, _ => { }, CancellationToken.None);
            return (refused, ended, await games.Profile(Job, ended, CancellationToken.None));
        });
        Assert.Equal(ExitCode.NotReached, early.ExitCode);
        Assert.StartsWith("game 'crowd' is running: 0 slots, 0 moves; ", early.Message, StringComparison.Ordinal);
        Assert.Equal("equilibrium", status.ExitReason);
        Assert.Equal(OffloadingProtocol.Run(OffloadingGame.Draw(Crowd, Job.Seed), Job.Seed).Profile, profile);
    }

    [Fact]
    public async Task Users_that_the_cluster_has_lost_are_missing_input()
    {
        using var host = SimulatedHost.OfProduct();
        var ended = new OffloadingStatus(OffloadingPhase.Ended, "equilibrium", 1, 1, 0, 0, 0, [], 1, 0, 1);
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => host.Run(
            grains => new ClusterGames(grains, host.Time).Profile(Job, ended, CancellationToken.None)));
        Assert.Equal(ExitCode.MissingInput, failure.ExitCode);
        Assert.StartsWith("game 'crowd' has lost where its users are: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_either_a_games_or_a_training_jobs()
    {
        using var host = SimulatedHost.OfProduct();
        var training = new TrainingJob { Name = "model", Model = "logreg", Data = "synthetic:200x50", Workers = 1, Updates = 5 };
        var (game, job) = await host.Run(async grains =>
        {
            var games = new ClusterGames(grains, host.Time);
            await games.Play(Job, _ => { }, CancellationToken.None);
            await new ClusterJobs(grains, host.Time).Start(training, CancellationToken.None);
            return (
                await Assert.ThrowsAsync<OrleansEdgeException>(() => games.Play(
                    Job with { Name = "model" }, _ => { }, CancellationToken.None)),
                await Assert.ThrowsAsync<OrleansEdgeException>(() => new ClusterJobs(grains, host.Time).Start(
                    training with { Name = "crowd" }, CancellationToken.None)));
        });
        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (game.ExitCode, job.ExitCode));
        Assert.Equal("'model' is the name of a training job; submit this game under another name (--name)", game.Message);
        Assert.Equal("'crowd' is the name of a game; submit this job under another name (--name)", job.Message);
    }

    [Fact]
    public async Task Stopping_ends_a_game_after_the_slot_and_keeps_what_there_is()
    {
        using var host = SimulatedHost.OfProduct();
        using var stop = new CancellationTokenSource();
        var (status, profile) = await host.Run(grains => new ClusterGames(grains, host.Time).Play(
            Job with { SlotSeconds = 0.1 }, _ => stop.Cancel(), stop.Token));
        Assert.Equal("stopped", status.ExitReason);
        Assert.InRange(status.Slots, 1, 8);
        Assert.Equal(status.Updates, profile.Count(choice => choice != 0));
    }

    [Fact]
    public async Task A_game_that_the_cluster_gives_up_ends_with_the_reason()
    {
        using var host =
            new SimulatedHost(SimulatedHost.Product with { Storage = new() { WriteFailureProbability = 1 } });
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => host.Run(
            grains => new ClusterGames(grains, host.Time).Play(Job, _ => { }, CancellationToken.None)));
        Assert.Equal(ExitCode.NotReached, failure.ExitCode);
        Assert.StartsWith("game 'crowd' after 0 slots failed: ", failure.Message, StringComparison.Ordinal);
    }
}
