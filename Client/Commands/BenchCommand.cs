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

    public Command Create(CommandBinder binder) =>
        new Command("bench", "Measures the parts of this product on this machine.")
    {
        Model(binder),
        Server(binder),
        Messages(binder),
        Games(binder),
    };

    private static Command Model(CommandBinder binder)
    {
        var model = Options.Choice("--model", "The model.", "cnn", ModelCatalog.Names);
        var batch = Options.Integer("--batch", "Examples in one step; a convolutional model takes 16384 at most.", 10, 1, 65_536);
        var threads = Options.Integer("--threads", "Threads that step at once.", 1, 1, 1024);
        var seconds = Seconds();
        var command =
            new Command("model", "Loss and gradient of one batch, over and over.") { model, batch, threads, seconds };
        return binder.Bind(command, invocation =>
        {
            var options = new
            {
                Model = invocation.Value(model),
                Batch = invocation.Value(batch),
                Threads = invocation.Value(threads),
                Seconds = invocation.Value(seconds),
            };
            ModelCatalog.CheckBatch(batch.Name, options.Model, options.Batch);
            return Fields(invocation, "model", options, progress => ModelBench.Run(
                options.Model, options.Batch, options.Threads, TimeSpan.FromSeconds(options.Seconds),
                invocation.Environment.Clock, invocation.Seed, progress, invocation.Stop));
        });
    }

    private static Command Server(CommandBinder binder)
    {
        var model = Options.Choice("--model", "The model that the shard holds.", "cnn", ModelCatalog.Names);
        var workers = Options.Integer("--workers", "Workers that hold a pull.", 200, 1, 1_000_000);
        var compression = Options.Number(
            "--compression", "Share of each block's entries that is pushed.", 0.01, 0, 1, aboveLeast: true);
        var seconds = Seconds();
        var command =
            new Command("server", "Pulls and pushes of one parameter shard.") { model, workers, compression, seconds };
        return binder.Bind(command, invocation =>
        {
            var options = new
            {
                Model = invocation.Value(model),
                Workers = invocation.Value(workers),
                Compression = invocation.Value(compression),
                Seconds = invocation.Value(seconds),
            };
            return Fields(invocation, "server", options, progress => ServerBench.Run(
                options.Model, options.Workers, options.Compression, TimeSpan.FromSeconds(options.Seconds),
                invocation.Environment.Clock, invocation.Seed, progress, invocation.Stop));
        });
    }

    private static Command Messages(CommandBinder binder)
    {
        var standard = new MessageBenchOptions();
        var callers = Options.Integer(
            "--callers", "Callers that each wait for an answer.", standard.Callers, 1, 1_000_000);
        var grains = Options.Integer("--grains", "Grains that are called in turn.", standard.Grains, 1, 1_000_000);
        var calls = Options.Integer("--calls", "Calls that are measured.", standard.Calls, 1_000, int.MaxValue);
        var idle = Options.Integer(
            "--idle-grains", "Activations whose memory is measured.", standard.IdleGrains, 1, 10_000_000);
        var command = new Command("messages", "Small grain messages in the virtual cluster, on one core.")
        {
            callers, grains, calls, idle,
        };
        return binder.Bind(command, invocation =>
        {
            var options = standard with
            {
                Callers = invocation.Value(callers),
                Grains = invocation.Value(grains),
                Calls = invocation.Value(calls),
                IdleGrains = invocation.Value(idle),
            };
            return Fields(
                invocation, "messages", options, progress => MessageBench.Run(options, invocation.Stop, progress));
        });
    }

    private static Command Games(CommandBinder binder)
    {
        var players = Options.Integer(
            "--players", "Players of the large games; the goals are for a million.", 1_000_000, 1_000, 4_000_000);
        var runs = Options.Integer("--runs", "Measured runs of each game.", 5, 1, 10_000);
        var command = new Command("games", "Equilibria of large games, on one core.") { players, runs };
        return binder.Bind(command, invocation =>
        {
            var bench = new GamesBench(
                invocation.Value(players), invocation.Value(runs), SiouxFalls(invocation.Environment.Data.Roots),
                invocation.Environment.Clock, invocation.Seed);
            return Task.FromResult(Measurement.Run(
                invocation, "games", new { Players = invocation.Value(players), Runs = invocation.Value(runs) },
                progress => bench.Run(progress, invocation.Stop),
                result => GamesBenchTable.Write(invocation.Out, result)));
        });
    }

    /// <summary>The folder of the SiouxFalls files among the data, or null.</summary>
    private static string? SiouxFalls(IEnumerable<string> roots) =>
        roots.Select(root => Path.Combine(root, "transport"))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "SiouxFalls_net.tntp")));

    private static CheckedOption<double> Seconds() =>
        Options.Number("--seconds", "Length of the measured part.", 3, 0.1, 3600);

    /// <summary>The JSON object, or its fields one below the other.</summary>
    private static Task<ExitCode> Fields<T>(
        Invocation invocation, string part, object options, Func<Action<SolverProgress>, T> measure) =>
        Task.FromResult(Measurement.Run(invocation, part, options, measure, result =>
        {
            var grid =
                new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
            foreach (var (name, value) in JsonText.FieldsOf(result))
            {
                grid.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
            }
            invocation.Out.Write(grid);
        }));
}
