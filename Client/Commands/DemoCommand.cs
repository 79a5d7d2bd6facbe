using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Demo;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe demo</c>: what this product is for.</summary>
internal sealed class DemoCommand : IConsoleCommand
{
    public int Order => 10;

    public Command Create(CommandBinder binder) => binder.Bind(
        new Command("demo", "What this is for; some minutes on two cores, downloads nothing."), Run);

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        var clock = invocation.Environment.Clock;
        var started = clock.GetTimestamp();
        var folder = invocation.OpenFolder("demo");
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = invocation.Seed,
            Configuration = new { Parts = Parts().Select(part => part.Name) },
        };
        folder.WriteManifest(manifest);
        var report = new ReportBuilder(
            "OrleansEdge demo", $"Edge learning and edge offloading; seed {invocation.Seed}");
        var results = new Dictionary<string, object>();
        foreach (var part in Parts().TakeWhile(_ => !invocation.Stop.IsCancellationRequested))
        {
            results[part.Name] = await part.Run(invocation, folder, report);
        }
        var wallSeconds = clock.GetElapsedTime(started).TotalSeconds;
        var result = new
        {
            Command = "demo",
            invocation.Seed,
            Parts = results,
            WallSeconds = wallSeconds,
            Output = folder.Path,
        };
        if (invocation.Json)
        {
            invocation.WriteJson(result);
        }
        var isWritten = invocation.AfterResult(() =>
        {
            folder.WriteManifest(manifest with { Result = result });
            folder.WriteReport(report.Fact("Time here", Quantity.Duration(wallSeconds)));
        });
        if (!invocation.Json && isWritten)
        {
            invocation.Out.MarkupLineInterpolated(
                $"In {Quantity.Duration(wallSeconds)}. Plots: [bold]{folder.File("report.html")}[/]. Next: {ProgramName.Text} train adacomp --help");
        }
        if (!invocation.Stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        invocation.Environment.Error.WriteLine($"oe: stopped: {folder.Path} has what was done until then");
        return ExitCode.NotReached;
    }

    private static IEnumerable<IDemoPart> Parts() => typeof(IDemoPart).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IDemoPart)))
        .Select(type => (IDemoPart)Activator.CreateInstance(type)!)
        .OrderBy(part => part.Order);
}
