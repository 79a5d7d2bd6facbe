using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Core;

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
            play.Add(
                binder.Bind(command, invocation => Task.FromResult(Run(invocation, game, invocation.Value(profile)))));
        }
        return play;
    }

    private static ExitCode Run(Invocation invocation, IPlayableGame game, bool withProfile)
    {
        var started = invocation.Environment.Clock.GetUtcNow();
        invocation.ReserveFolder(PlayOutput.FolderName(game));
        return PlayOutput.Write(invocation, game, game.Play(invocation), invocation.Seed, started, withProfile);
    }

    private static IEnumerable<IPlayableGame> Games() => typeof(IPlayableGame).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IPlayableGame)))
        .Select(type => (IPlayableGame)Activator.CreateInstance(type)!)
        .OrderBy(game => game.Order);
}
