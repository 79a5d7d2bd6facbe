using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reproduction;
using OrleansEdge.Client.Reproduction.Games;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe reproduce FIGURE</c>: a paper's figure or table, ours beside theirs.</summary>
internal sealed class ReproduceCommand : IConsoleCommand
{
    public int Order => 50;

    public Command Create(CommandBinder binder)
    {
        var reproduce = new Command("reproduce", "A paper's figure or table, ours beside theirs.");
        foreach (var reproduction in Reproductions())
        {
            var command = new Command(reproduction.Name, reproduction.Description);
            foreach (var option in reproduction.Options)
            {
                command.Add(option);
            }
            reproduce.Add(binder.Bind(command, reproduction.Run));
        }
        return reproduce;
    }

    private static IEnumerable<IReproduction> Reproductions() =>
    [
        .. Figure.All.Select(figure => new TrainingFigure(figure)),
        new ChenTon(),
        new Eua(),
        new FollowMe(),
        new CrossEdge(),
        new PowerControl(),
        new PriceOfAnarchy(),
    ];
}
