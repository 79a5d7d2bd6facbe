using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Nonatomic;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe assign NET TRIPS</c>: traffic equilibrium and system optimum on TNTP files.</summary>
internal sealed class AssignCommand : IConsoleCommand
{
    private readonly Argument<string> _network = new("NET") { Description = "TNTP network file (..._net.tntp)" };
    private readonly Argument<string> _trips = new("TRIPS") { Description = "TNTP trips file (..._trips.tntp)" };
    private readonly CheckedOption<double> _gap = Options.Number("--gap", "Relative gap to reach.", 1e-12, 1e-14, 0.5);
    private readonly CheckedOption<double> _tollWeight = Options.Number(
        "--toll-weight", "Time units per unit of toll.", 0, 0, 1e12);
    private readonly CheckedOption<double> _distanceWeight = Options.Number(
        "--distance-weight", "Time units per unit of length.", 0, 0, 1e12);
    private readonly CheckedOption<int> _rounds = Options.Integer(
        "--max-iterations", "Rounds of new paths after which it gives up.", 500, 1, 1_000_000);
    private readonly CheckedOption<string?> _flows = Options.Text(
        "--flows", "Writes the link flows in the TNTP flow format.", "a file", "FILE");
    private readonly Option<bool> _optimum = Options.Switch(
        "--optimum", "Also the system optimum and the price of anarchy.");

    public int Order => 40;

    public Command Create(CommandBinder binder) => binder.Bind(
        new Command("assign", "Traffic equilibrium and system optimum on TNTP files.")
        {
            _network, _trips, _gap, _tollWeight, _distanceWeight, _rounds, _flows, _optimum,
        },
        Run);

    private Task<ExitCode> Run(Invocation invocation)
    {
        var clock = invocation.Environment.Clock;
        var network = TntpNetworkReader.Read(invocation.Value(_network));
        var demand = TntpTripsReader.Read(invocation.Value(_trips));
        var options = new AssignmentOptions
        {
            RelativeGap = invocation.Value(_gap),
            MaxIterations = invocation.Value(_rounds),
            TollWeight = invocation.Value(_tollWeight),
            DistanceWeight = invocation.Value(_distanceWeight),
        };
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = invocation.Seed,
            Configuration = options,
        };
        var started = clock.GetTimestamp();
        var equilibrium = TrafficAssignment.Solve(network, demand, options);
        var wallSeconds = clock.GetElapsedTime(started).TotalSeconds;
        var optimum = invocation.Value(_optimum)
            ? TrafficAssignment.Solve(network, demand, options with { Objective = AssignmentObjective.SystemOptimum })
            : null;
        if (invocation.Value(_flows) is { } flows)
        {
            AtomicFile.WriteText(flows, TntpFlowFile.Format(equilibrium));
        }
        var folder = RunFolder.Open(invocation.OutputFolder, "assign", clock);
        var summary = AssignmentSummary.Of(equilibrium, optimum, wallSeconds, folder.Path);
        folder.WriteManifest(manifest with { Result = summary });
        folder.WriteReport(AssignmentReport.Of(equilibrium, optimum, summary, invocation.Value(_network)));
        Show(invocation, summary, folder);
        return Task.FromResult(Judge(invocation, equilibrium, optimum, options.RelativeGap));
    }

    private static void Show(Invocation invocation, AssignmentSummary summary, RunFolder folder)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(summary);
            return;
        }
        var grid =
            new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
        foreach (var (name, value) in JsonText.FieldsOf(summary))
        {
            grid.AddRow($"[grey]{Markup.Escape(name)}[/]", Markup.Escape(value));
        }
        invocation.Out.Write(grid);
        invocation.Out.MarkupLineInterpolated($"Plots: [bold]{folder.File("report.html")}[/]");
    }

    private static ExitCode Judge(
        Invocation invocation, TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum, double gap)
    {
        foreach (var (name, flows) in new[] { ("equilibrium", equilibrium), ("system optimum", optimum) })
        {
            if (flows is { Wardrop.IsEquilibrium: false })
            {
                invocation.Environment.Error.WriteLine(FormattableString.Invariant(
                    $"oe: the {name} has relative gap {flows.Wardrop.RelativeGap:g3} after {flows.Iterations} iterations")
                    + FormattableString.Invariant($" ({flows.StopReason}); expected at most {gap:g3} as in --gap"));
                return ExitCode.NotReached;
            }
        }
        return ExitCode.Success;
    }
}
