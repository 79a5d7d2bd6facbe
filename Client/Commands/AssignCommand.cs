using System.CommandLine;
using System.Globalization;
using System.Text;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Nonatomic;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe assign NET TRIPS</c>: traffic equilibrium and system optimum on TNTP files.</summary>
internal sealed class AssignCommand : IConsoleCommand
{
    private const double MostWeight = 1e12;
    private const int MostWarnings = 20;

    private readonly Argument<string> _network = new("NET") { Description = "TNTP network file (..._net.tntp)" };
    private readonly Argument<string> _trips = new("TRIPS") { Description = "TNTP trips file (..._trips.tntp)" };
    private readonly CheckedOption<double> _gap = Options.Number("--gap", "Relative gap to reach.", 1e-12, 1e-14, 0.5);
    private readonly CheckedOption<double?> _tollWeight = Weight(
        "--toll-weight", "Time units per unit of toll (default: <TOLL FACTOR> of TRIPS, else of NET, else 0).");
    private readonly CheckedOption<double?> _distanceWeight = Weight(
        "--distance-weight", "Time units per unit of length (default: <DISTANCE FACTOR> likewise).");
    private readonly CheckedOption<int> _rounds = Options.Integer(
        "--max-iterations", "Rounds of new paths after which it gives up.", 500, 1, 1_000_000);
    private readonly CheckedOption<string?> _flows = Options.Text(
        "--flows", "Writes the link flows in the TNTP flow format.", "a file", "FILE", writes: true);
    private readonly Option<bool> _optimum = Options.Switch(
        "--optimum", "Also the system optimum and the price of anarchy.");

    public int Order => 40;

    public Command Create(CommandBinder binder) => binder.Bind(
        new Command("assign", "Traffic equilibrium and system optimum on TNTP files.")
        {
            _network, _trips, _gap, _tollWeight, _distanceWeight, _rounds, _flows, _optimum,
        },
        Run);

    private static CheckedOption<double?> Weight(string name, string description) => new(
        name, description, FormattableString.Invariant($"a number from 0 to {MostWeight}"), "X",
        (string text, out double? value) =>
        {
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            value = number;
            return isNumber && number is >= 0 and <= MostWeight;
        });

    private Task<ExitCode> Run(Invocation invocation)
    {
        var clock = invocation.Environment.Clock;
        invocation.ReserveFolder("assign");
        var network = Timed.Made(invocation, () => TntpNetworkReader.Read(invocation.Value(_network)));
        var trips = Timed.Made(invocation, () => TntpTripsReader.Read(invocation.Value(_trips), network));
        invocation.Stop.ThrowIfCancellationRequested();
        Warn(invocation, [.. network.Warnings, .. trips.Warnings]);
        var options = new AssignmentOptions
        {
            RelativeGap = invocation.Value(_gap),
            MaxIterations = invocation.Value(_rounds),
            TollWeight = invocation.Value(_tollWeight) ?? trips.TollFactor ?? network.TollFactor ?? 0,
            DistanceWeight = invocation.Value(_distanceWeight) ?? trips.DistanceFactor ?? network.DistanceFactor ?? 0,
        };
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = invocation.Seed,
            Configuration = options,
        };
        var started = clock.GetTimestamp();
        var equilibrium = Solve(invocation, "equilibrium", network.Network, trips.Demand, options);
        var wallSeconds = clock.GetElapsedTime(started).TotalSeconds;
        var optimum = invocation.Value(_optimum) && equilibrium.StopReason != StopReason.Stopped
            ? Solve(invocation, "system optimum", network.Network, trips.Demand,
                options with { Objective = AssignmentObjective.SystemOptimum })
            : null;
        var folder = OpenFolder(invocation, out var fault);
        var summary = AssignmentSummary.Of(
            equilibrium, optimum, network.Zones, trips.IntrazonalTrips, wallSeconds, folder?.Path ?? "");
        Show(invocation, summary);
        var judgement = Judge(invocation, equilibrium, optimum, options.RelativeGap);
        if (invocation.Value(_flows) is { } flows)
        {
            var text = Encoding.UTF8.GetBytes(TntpFlowFile.Format(equilibrium));
            fault = Fault(() => AtomicFile.WriteThrough(flows, stream => stream.Write(text))) ?? fault;
        }
        fault = Fault(() => folder?.WriteManifest(manifest with { Result = summary })) ?? fault;
        if (folder is not null)
        {
            WriteReport(invocation, folder, equilibrium, optimum, summary);
        }
        return fault is null ? Task.FromResult(judgement) : throw fault;
    }

    private static TrafficEquilibrium Solve(
        Invocation invocation, string name, TrafficNetwork network, TravelDemand demand, AssignmentOptions options) =>
        new ProgressView(invocation).Watch(
            name, report => TrafficAssignment.Solve(network, demand, options, invocation.Stop, report));

    /// <summary>The run's folder; null, and why, where there cannot be one.</summary>
    private static RunFolder? OpenFolder(Invocation invocation, out OrleansEdgeException? fault)
    {
        RunFolder? folder = null;
        fault = Fault(() => folder = invocation.OpenFolder("assign"));
        return folder;
    }

    /// <summary>The result is printed by now: what is wrong with a file does not take it away.</summary>
    private static OrleansEdgeException? Fault(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (OrleansEdgeException exception)
        {
            return exception;
        }
    }

    private void WriteReport(
        Invocation invocation, RunFolder folder, TrafficEquilibrium equilibrium, TrafficEquilibrium? optimum,
        AssignmentSummary summary)
    {
        var map = AssignmentMap.Of(equilibrium, invocation.Value(_network), line => Warn(invocation, [line]));
        if (Fault(() => folder.WriteReport(AssignmentReport.Of(equilibrium, optimum, summary, map))) is { } fault)
        {
            Warn(invocation, [fault.Message]);
        }
        else if (!invocation.Json)
        {
            invocation.Out.MarkupLineInterpolated($"Plots: [bold]{folder.File("report.html")}[/]");
        }
    }

    private static void Warn(Invocation invocation, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings.Take(MostWarnings))
        {
            invocation.Environment.Error.WriteLine($"oe: warning: {warning}");
        }
        if (warnings.Count > MostWarnings)
        {
            invocation.Environment.Error.WriteLine($"oe: warning: and {warnings.Count - MostWarnings} more");
        }
    }

    private static void Show(Invocation invocation, AssignmentSummary summary)
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
        foreach (var concern in summary.Concerns())
        {
            invocation.Out.MarkupLineInterpolated($"[yellow]{concern}[/]");
        }
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
