using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reproduction;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe reproduce FIGURE</c>: a paper's figure or table, ours beside theirs.</summary>
internal sealed class ReproduceCommand : IConsoleCommand
{
    public int Order => 50;

    public Command Create(CommandBinder binder)
    {
        var reproduce = new Command("reproduce", "A paper's figure or table, ours beside theirs.");
        foreach (var figure in Figure.All)
        {
            var updates = Options.Long("--updates", "Updates of each run; the paper has 250,000.", 250_000, 1);
            var runs = Options.Integer("--runs", "Runs of each setting, with seeds from --seed on; the paper has 3.", 3, 1, 100);
            var data = Options.Text(
                "--data", "The data set (default: mnist where found, else synthetic).", "a name or a folder", "DATA");
            var cores = Options.Integer(
                "--cores", "Processor cores to use; the outcome does not depend on it.", Environment.ProcessorCount, 1, 1024);
            var command = new Command(figure.Name, figure.Description) { updates, runs, data, cores };
            reproduce.Add(binder.Bind(command, invocation => Run(invocation, figure, new FigureScale
            {
                Updates = invocation.Value(updates),
                Runs = invocation.Value(runs),
                Data = invocation.Value(data) ?? TrainingOptions.DefaultData(invocation.Environment.Data),
                Cores = invocation.Value(cores),
            })));
        }
        return reproduce;
    }

    private static Task<ExitCode> Run(Invocation invocation, Figure figure, FigureScale scale) =>
        new FigureReproduction(invocation, figure, scale).Run();
}
