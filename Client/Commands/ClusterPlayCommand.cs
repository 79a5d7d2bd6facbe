using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Progress;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Client.Commands;

/// <summary>
/// <c>oe cluster submit play multi-channel</c>: the offloading game among grains of an Orleans cluster.
/// </summary>
internal sealed class ClusterPlayCommand : IConsoleCommand
{
    private readonly MultiChannelPlay _game = new();
    private readonly ClusterOptions _cluster = new();
    private readonly OffloadingFlags _offloading = new(mostChannels: 100_000);
    private readonly CheckedOption<string> _mode = Options.Choice(
        "--mode", "Every user a grain, or groups of a thousand.", "faithful", ["faithful", "scaled"]);
    private readonly CheckedOption<int> _sites = Options.Integer(
        "--sites", "Edge sites that share the channels (default: as many as --at names, or 1).", 1, 1, 100_000);
    private readonly CheckedOption<string?> _at = Options.Text(
        "--at", "Sites of silos that the edge sites are pinned to, in turn (default: spread over all).", "SITE,...",
        "LIST");
    private readonly CheckedOption<string?> _name = Options.Text(
        "--name", "Name of the game (default: multi-channel-TIME).", "a name without '/' and '@'", "NAME");
    private readonly Option<bool> _profile = Options.Switch(
        "--profile", "Every player's strategy, as field 'profile' of the JSON.");

    public int Order => 10;

    public string Parent => "cluster submit";

    public Command Create(CommandBinder binder)
    {
        _sites.DefaultValueFactory = null;
        var game = new Command(_game.Name, $"{_game.Description} Ctrl+C ends the game after the slot.")
        {
            _mode, _sites, _at, _name, _profile,
        };
        foreach (var option in _offloading.All)
        {
            game.Add(option);
        }
        _cluster.AddTo(game);
        return new Command("play", "Plays a game among grains on the cluster and certifies the equilibrium.")
        {
            binder.Bind(game, Play),
        };
    }

    private async Task<ExitCode> Play(Invocation invocation)
    {
        var clock = invocation.Environment.Clock;
        var job = Job(invocation);
        job.Validate();
        invocation.ReserveFolder(PlayOutput.FolderName(_game));
        await using var connection = await ClusterConnection.Open(_cluster.Read(invocation), clock, invocation.Stop);
        var started = clock.GetUtcNow();
        var games = new ClusterGames(connection.Grains, clock);
        new ProgressView(invocation).Say($"game {job.Name} is given to the cluster");
        var (status, profile) = await games.Play(job, ClusterGameView.Lines(invocation, job), invocation.Stop);
        return ClusterGameView.Write(invocation, job, status, profile, started, invocation.Value(_profile));
    }

    private OffloadingJob Job(Invocation invocation)
    {
        var mode = invocation.Value(_mode) == "faithful" ? OffloadingMode.Faithful : OffloadingMode.Scaled;
        var places = invocation.Value(_at)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var time = invocation.Environment.Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return GrainGame.Job(_offloading.Read(invocation), mode, invocation.Seed) with
        {
            Name = invocation.Value(_name) ?? $"{_game.Name}-{time}",
            Sites = invocation.IsGiven(_sites) ? invocation.Value(_sites) : Math.Max(1, places.Length),
            SiteNames = places,
        };
    }
}
