using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using Choose = OrleansEdge.Client.CommandLine.Options;

namespace OrleansEdge.Client.Reproduction;

/// <summary>A figure made of training runs.</summary>
internal sealed class TrainingFigure(Figure figure) : IReproduction
{
    private readonly CheckedOption<long> _updates = Choose.Long(
        "--updates", "Updates of each run; the paper has 250,000.", 250_000, 1);
    private readonly CheckedOption<int> _runs = Choose.Integer(
        "--runs", "Runs of each setting, with seeds from --seed on; the paper has 3.", 3, 1, 100);
    private readonly CheckedOption<string?> _data = Choose.Text(
        "--data", "The data set (default: mnist where found, else synthetic).", "a name or a folder", "DATA");
    private readonly CheckedOption<int> _cores = Choose.Integer(
        "--cores", "Processor cores to use; the outcome does not depend on it.", Environment.ProcessorCount, 1, 1024);

    public string Name => figure.Name;

    public string Title => figure.Title;

    public string Description => figure.Description;

    public IReadOnlyList<Option> Options => [_updates, _runs, _data, _cores];

    public Task<ExitCode> Run(Invocation invocation) => new FigureReproduction(invocation, figure, new FigureScale
    {
        Updates = invocation.Value(_updates),
        Runs = invocation.Value(_runs),
        Data = invocation.Value(_data) ?? TrainingOptions.DefaultData(invocation.Environment.Data),
        Cores = invocation.Value(_cores),
    }).Run();
}
