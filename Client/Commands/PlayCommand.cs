using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe play GAME</c>: one game, its equilibrium and the certificate.</summary>
internal sealed class PlayCommand : IConsoleCommand
{
    public int Order => 30;

    public Command Create(CommandBinder binder)
    {
        var play = new Command("play", "Solves a game among users of the edge and certifies the equilibrium.");
        foreach (var game in Games())
        {
            var profile = Options.Switch("--profile", "Every player's strategy, as field 'profile' of the JSON.");
            var command = new Command(game.Name, game.Description) { profile };
            foreach (var option in game.Flags)
            {
                command.Add(option);
            }
            play.Add(binder.Bind(command, invocation => Task.FromResult(Run(invocation, game, invocation.Value(profile)))));
        }
        return play;
    }

    private static ExitCode Run(Invocation invocation, IPlayableGame game, bool withProfile)
    {
        var clock = invocation.Environment.Clock;
        var started = clock.GetUtcNow();
        var outcome = game.Play(invocation);
        var folder = RunFolder.Open(invocation.OutputFolder, $"play-{game.Name}", clock);
        var summary = PlaySummary.Of(game.Name, outcome, invocation.Seed, withProfile, folder.Path);
        folder.WriteManifest(new Manifest
        {
            Command = invocation.CommandText,
            Started = started,
            Seed = invocation.Seed,
            Configuration = outcome.Configuration,
            Result = summary,
        });
        folder.WriteReport(PlayReport.Of(game, outcome, invocation.Seed, invocation.CommandText));
        if (invocation.Json)
        {
            invocation.WriteJson(summary);
        }
        else
        {
            PlayText.Write(invocation.Out, game.Name, outcome, invocation.Seed);
            invocation.Out.MarkupLineInterpolated($"Plots: [bold]{folder.File("report.html")}[/]");
        }
        return Judge(invocation, outcome);
    }

    private static ExitCode Judge(Invocation invocation, GameOutcome outcome)
    {
        var certificate = outcome.Certificate;
        if (certificate.IsEquilibrium || !outcome.SeeksEquilibrium)
        {
            return ExitCode.Success;
        }
        invocation.Environment.Error.WriteLine(FormattableString.Invariant(
            $"oe: no equilibrium after {certificate.Steps} moves ({certificate.StopReason}): ")
            + FormattableString.Invariant($"largest regret {certificate.MaxRegret:g3}; expected at most {certificate.Tolerance:g3}"));
        return ExitCode.NotReached;
    }

    private static IEnumerable<IPlayableGame> Games() => typeof(IPlayableGame).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IPlayableGame)))
        .Select(type => (IPlayableGame)Activator.CreateInstance(type)!)
        .OrderBy(game => game.Order);
}
