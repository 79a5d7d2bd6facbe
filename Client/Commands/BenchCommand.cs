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
        var batch = Options.Integer("--batch", "Examples in one step.", 10, 1, 65_536);
        var threads = Options.Integer("--threads", "Threads that step at once.", 1, 1, 1024);
        var seconds = Seconds();
        var command =
            new Command("model", "Loss and gradient of one batch, over and over.") { model, batch, threads, seconds };
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
        var model = Options.Choice("--model", "The model that the shard holds.", "cnn", ModelCatalog.Names);
        var workers = Options.Integer("--workers", "Workers that hold a pull.", 200, 1, 1_000_000);
        var compression = Options.Number(
            "--compression", "Share of each block's entries that is pushed.", 0.01, 0, 1, aboveLeast: true);
        var seconds = Seconds();
        var command =
            new Command("server", "Pulls and pushes of one parameter shard.") { model, workers, compression, seconds };
        return binder.Bind(command, invocation => Show(invocation, ServerBench.Run(
            invocation.Value(model), invocation.Value(workers), invocation.Value(compression),
            TimeSpan.FromSeconds(invocation.Value(seconds)), invocation.Environment.Clock, invocation.Seed)));
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
        return binder.Bind(command, invocation => Show(invocation, MessageBench.Run(
            standard with
            {
                Callers = invocation.Value(callers),
                Grains = invocation.Value(grains),
                Calls = invocation.Value(calls),
                IdleGrains = invocation.Value(idle),
            },
            invocation.Stop)));
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
            var result = bench.Run(measured => Log(invocation, measured), invocation.Stop);
            if (invocation.Json)
            {
                invocation.WriteJson(result);
                return Task.FromResult(ExitCode.Success);
            }
            GamesBenchTable.Write(invocation.Out, result);
            return Task.FromResult(ExitCode.Success);
        });
    }

    private static void Log(Invocation invocation, GameBenchCase measured)
    {
        if (!invocation.Quiet)
        {
            invocation.Log.WriteLine(
                FormattableString.Invariant($"{measured.Name}: {measured.SecondsP50 * 1000:0.###} ms"));
        }
    }

    /// <summary>The folder of the SiouxFalls files among the data, or null.</summary>
    private static string? SiouxFalls(IEnumerable<string> roots) =>
        roots.Select(root => Path.Combine(root, "transport"))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "SiouxFalls_net.tntp")));

    private static CheckedOption<double> Seconds() =>
        Options.Number("--seconds", "Length of the measured part.", 3, 0.1, 3600);

    /// <summary>The JSON object, or its fields one below the other.</summary>
    private static Task<ExitCode> Show<T>(Invocation invocation, T result)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(result);
            return Task.FromResult(ExitCode.Success);
        }
        var grid =
            new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
        foreach (var (name, value) in JsonText.FieldsOf(result))
        {
            grid.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
        }
        invocation.Out.Write(grid);
        return Task.FromResult(ExitCode.Success);
    }
}
