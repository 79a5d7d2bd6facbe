using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.Benchmarking.Links;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe bench cluster</c>: calls between the silos of a real cluster, beside a bare TCP socket.</summary>
internal sealed class BenchClusterCommand : IConsoleCommand
{
    private const string PageName = "cluster-throughput.md";

    private readonly ClusterOptions _cluster = new();
    private readonly CheckedOption<string?> _silo = Options.Text(
        "--silo", "Starts two silos of this program to measure (default: oe-silo).", "the program oe-silo", "PROGRAM");
    private readonly CheckedOption<double> _seconds =
        Options.Number("--seconds", "Length of one measurement.", new LinkBenchOptions().Seconds, 0.01, 5);
    private readonly CheckedOption<int> _rounds = Options.Integer(
        "--rounds", "Measurements of each kind; the median counts.", new LinkBenchOptions().Rounds, 1, 99);

    private readonly CheckedOption<int> _payload = Options.Integer(
        "--payload-bytes", "Measures payloads of this size alone; 0: of 8 KiB, 256 KiB and 1 MiB.", 0, 0,
        MessageSize.MaxBytes - 1024); // the rest of the message takes room too

    public int Order => 75;

    public string Parent => "bench";

    public Command Create(CommandBinder binder)
    {
        var command = new Command(
            "cluster", "Pushes and pulls between two silos of a cluster, beside a bare TCP socket. Starts two silos on this "
            + "machine unless a running cluster is named.")
        {
            _silo, _payload, _seconds, _rounds,
        };
        _cluster.AddTo(command);
        return binder.Bind(command, Run);
    }

    private async Task<ExitCode> Run(Invocation invocation)
    {
        ClusterConnection.RequireOrleans();
        if (invocation.OutputFolder is not null)
        {
            invocation.ReserveFolder("bench-cluster");
        }
        var standard = new LinkBenchOptions();
        var options = standard with
        {
            PayloadBytes = invocation.Value(_payload) is > 0 and var bytes ? [bytes] : standard.PayloadBytes,
            Seconds = invocation.Value(_seconds),
            Rounds = invocation.Value(_rounds),
        };
        var isRunning = _cluster.IsNamed(invocation);
        if (isRunning && invocation.IsGiven(_silo))
        {
            throw OrleansEdgeException.Usage(
                "--silo starts a cluster, and another is named to be measured; expected one of them");
        }
        var address = _cluster.Read(invocation);
        var clock = invocation.Environment.Clock;
        using var silos = isRunning
            ? null
            : await LocalSilos.Start(invocation.Value(_silo) ?? LocalSilos.DefaultProgram, clock, invocation.Stop);
        address = silos is null ? address : address with { Gateways = [silos.Gateway] };
        await using var connection = await ClusterConnection.Open(address, clock, invocation.Stop);
        var results = await Measure(invocation, connection, options);
        Show(invocation, results, options, isRunning ? "A running cluster" : "Two silo processes on this machine, loopback");
        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<LinkResult>> Measure(
        Invocation invocation, IClusterConnection connection, LinkBenchOptions options)
    {
        var probes = await ProbePair.Find(connection.Grains);
        using var answerer = ChildProcess.StartSelf("bench", AnswerCommand.Name);
        var port = int.Parse(await answerer.ReadLine(invocation.Stop) ?? "0", CultureInfo.InvariantCulture);
        using var tcp = new TcpLink(port, invocation.Environment.Clock);
        return await LinkBench.Run(probes, tcp, options, new ProgressView(invocation).Say, invocation.Stop);
    }

    private static void Show(
        Invocation invocation, IReadOnlyList<LinkResult> results, LinkBenchOptions options, string where)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(new { Command = "bench cluster", Results = results });
            WritePage(invocation, results, options, where);
            return;
        }
        var shown = LinkTable.Of(results);
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (i, column) in shown.Columns.Index())
        {
            table.AddColumn(i == 0 ? new TableColumn(column) : new TableColumn(column).RightAligned());
        }
        foreach (var row in shown.Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        invocation.Out.Write(table);
        WritePage(invocation, results, options, where);
    }

    private static void WritePage(
        Invocation invocation, IReadOnlyList<LinkResult> results, LinkBenchOptions options, string where)
    {
        if (invocation.OutputFolder is not null)
        {
            var page = LinkTable.Page(results, options, where, invocation.CommandText);
            invocation.AfterResult(() => AtomicFile.WriteText(invocation.OpenFolder("bench-cluster").File(PageName), page));
        }
    }
}

/// <summary>The other end of the bare socket, in a process of its own; <c>oe bench cluster</c> starts it.</summary>
internal sealed class AnswerCommand : IConsoleCommand
{
    public const string Name = "answer";

    public int Order => 76;

    public string Parent => "bench";

    public Command Create(CommandBinder binder) => binder.Bind(
        new Command(Name, "Answers 'oe bench cluster' over a bare TCP socket.") { Hidden = true },
        async invocation =>
        {
            using var answerer = new TcpAnswerer();
            await invocation.Environment.Output.WriteLineAsync(answerer.Port.ToString(CultureInfo.InvariantCulture));
            await invocation.Environment.Output.FlushAsync();
            answerer.Serve();
            return ExitCode.Success;
        });
}
