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
        Model(binder), Server(binder), Messages(binder),
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

    private static Command Server(CommandBinder binder)
    {
        var model = Options.Choice("--model", "The model whose parameters the shard holds.", "cnn", ModelCatalog.Names);
        var workers = Options.Integer("--workers", "Workers that hold a pull: the staleness.", 200, 1, 100_000);
        var compression = Options.Number("--compression", "Share of each block's entries that is pushed.", 0.01, 1e-6, 1);
        var seconds = Seconds();
        var command = new Command("server", "Parameter shard: pushes, pulls, selection and codecs.")
        {
            model, workers, compression, seconds,
        };
        return binder.Bind(command, invocation => Show(invocation, ServerBench.Run(
            invocation.Value(model), invocation.Value(workers), invocation.Value(compression),
            TimeSpan.FromSeconds(invocation.Value(seconds)), invocation.Environment.Clock, invocation.Seed)));
    }

    private static Command Messages(CommandBinder binder)
    {
        var callers = Options.Integer("--callers", "Callers that each wait for an answer.", 64, 1, 1_000_000);
        var grains = Options.Integer("--grains", "Grains that are called in turn.", 1_000, 1, 1_000_000);
        var calls = Options.Integer("--calls", "Calls that are measured.", 2_000_000, 1_000, 1_000_000_000);
        var idle = Options.Integer("--idle-grains", "Activations whose memory is measured.", 10_000, 1, 10_000_000);
        var latency = Options.Number("--latency-seconds", "One-way virtual latency of the network.", 0, 0, 60);
        var command = new Command("messages", "Small grain calls in the virtual-time cluster.")
        {
            callers, grains, calls, idle, latency,
        };
        return binder.Bind(command, invocation => Show(invocation, MessageBench.Run(
            new MessageBenchOptions
            {
                Callers = invocation.Value(callers),
                Grains = invocation.Value(grains),
                Calls = invocation.Value(calls),
                IdleGrains = invocation.Value(idle),
                LatencySeconds = invocation.Value(latency),
            },
            invocation.Stop)));
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
