using System.CommandLine;
using OrleansEdge.Client.Benchmarking;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe bench PART</c>: closed-loop measurements.</summary>
internal sealed class BenchCommand : IConsoleCommand
{
    public int Order => 70;

    public Command Create(CommandBinder binder) => new Command("bench", "Measures the parts of this product on this machine.")
    {
        Model(binder),
    };

    private static Command Model(CommandBinder binder)
    {
        var model = Options.Choice("--model", "The model.", "cnn", ModelCatalog.Names);
        var batch = Options.Integer("--batch", "Examples in one step.", 10, 1, 65_536);
        var threads = Options.Integer("--threads", "Threads that step at once.", 1, 1, 1024);
        var seconds = Seconds();
        var command = new Command("model", "Loss and gradient of one batch, over and over.") { model, batch, threads, seconds };
        return binder.Bind(command, invocation =>
        {
            var result = ModelBench.Run(
                invocation.Value(model), invocation.Value(batch), invocation.Value(threads),
                TimeSpan.FromSeconds(invocation.Value(seconds)), invocation.Environment.Clock, invocation.Seed);
            return Show(invocation, result);
        });
    }

    private static CheckedOption<double> Seconds() => Options.Number("--seconds", "Length of the measured part.", 3, 0.1, 3600);

    /// <summary>The JSON object, or its fields one below the other.</summary>
    private static Task<ExitCode> Show<T>(Invocation invocation, T result)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(result);
            return Task.FromResult(ExitCode.Success);
        }
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
        foreach (var (name, value) in JsonText.FieldsOf(result))
        {
            grid.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
        }
        invocation.Out.Write(grid);
        return Task.FromResult(ExitCode.Success);
    }
}
