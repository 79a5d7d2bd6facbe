using System.CommandLine;
using System.Reflection;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using Spectre.Console;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe doctor</c>: what is installed, what is missing, and what each missing part costs.</summary>
internal sealed class DoctorCommand : IConsoleCommand
{
    private const long ComfortableMemoryBytes = 2_000_000_000;
    private const long ComfortableDiskBytes = 100_000_000;

    private readonly ClusterOptions _cluster = new();

    public int Order => 80;

    public Command Create(CommandBinder binder)
    {
        var command = new Command("doctor", "What is installed, what is missing, and what each missing part costs.");
        _cluster.AddTo(command);
        return binder.Bind(command, Run);
    }

    private async Task<ExitCode> Run(Invocation invocation)
    {
        AskedFolder.Reserve(invocation, "doctor");
        var started = invocation.Environment.Clock.GetUtcNow();
        var checks = Checks(invocation).ToList();
        var isNamed = _cluster.IsNamed(invocation);
        var cluster = isNamed || ClusterConnection.HasOrleans
            ? await ClusterCheck.Look(_cluster.Read(invocation), invocation.Environment.Clock, invocation.Stop)
            : null;
        checks.AddRange(cluster is null ? [] : Checks(cluster, isNamed));
        Show(invocation, checks);
        AskedFolder.Write(invocation, "doctor", started, new { Cluster = isNamed }, checks);
        return isNamed && cluster is { Absence: not null } ? ExitCode.Unavailable : ExitCode.Success;
    }

    private static void Show(Invocation invocation, IReadOnlyList<Check> checks)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(new { Command = "doctor", Version = ProductVersion.Full, Checks = checks });
            return;
        }
        var table = new Table().NoBorder().HideHeaders().AddColumns("", "", "");
        foreach (var check in checks)
        {
            var mark = check.State switch { State.Ok => "[green]ok[/]", State.Weak => "[yellow]weak[/]", _ => "[yellow]missing[/]" };
            var cost = check.Cost is null ? "" : $"\n[grey]{Markup.Escape(check.Cost)}[/]";
            table.AddRow(mark, $"[bold]{Markup.Escape(check.Part)}[/]", Markup.Escape(check.Found) + cost);
        }
        invocation.Out.Write(table);
    }

    private static IEnumerable<Check> Checks(ClusterCheck cluster, bool isNamed)
    {
        foreach (var finding in cluster.Findings)
        {
            yield return Check.Of(finding.IsGood, finding.Part, finding.Found, "the cluster goes on without it");
        }
        if (cluster.Absence is { } why)
        {
            yield return Check.Missing(cluster.Part, why, isNamed
                ? "no job can be submitted to it or watched there; the virtual-time cluster needs none"
                : "none was named; 'oe-silo' starts one here, --gateway or --clustering names another");
        }
    }

    private static IEnumerable<Check> Checks(Invocation invocation)
    {
        var machine = new MachineDescription();
        yield return Check.Ok("OrleansEdge", ProductVersion.Full);
        yield return Check.Ok("runtime", $"{machine.Runtime} on {machine.OperatingSystem}, {machine.Architecture}");
        yield return Sdk();
        yield return Vectors(machine);
        yield return Check.Of(
            machine.Cores >= 2, "cores", machine.Cores.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "training takes about twice as long on one core as on two");
        yield return Check.Of(
            machine.MemoryBytes >= ComfortableMemoryBytes, "memory", Quantity.Bytes(machine.MemoryBytes),
            "a run of 200 workers on MNIST needs up to 2 GB");
        foreach (var data in Data(invocation.Environment.Data))
        {
            yield return data;
        }
        yield return Orleans();
        yield return Disk();
    }

    private static Check Sdk()
    {
        var root = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location) ?? ".", "../../.."));
        var sdks = Path.Combine(root, "sdk");
        var versions = Directory.Exists(sdks)
            ? Directory.GetDirectories(sdks).Select(Path.GetFileName).Order().ToList()
            : [];
        return versions.Count > 0
            ? Check.Ok(".NET SDK", string.Join(", ", versions))
            : Check.Missing(".NET SDK", $"none in {sdks}", "nothing can be built; what is built runs");
    }

    private static Check Vectors(MachineDescription machine) => machine.VectorBits switch
    {
        >= 256 => Check.Ok("vectors", $"{machine.VectorBits} bits"),
        var bits =>
            Check.Weak("vectors", $"{bits} bits", "gradients take the scalar path: several times slower, same results"),
    };

    private static IEnumerable<Check> Data(DataCatalog catalog)
    {
        var found = catalog.Available();
        foreach (var (name, folder) in found)
        {
            yield return Check.Ok("data " + name, Path.GetFullPath(folder));
        }
        foreach (var set in DataSets.All.Where(set => found.All(here => here.Name != set.Name)))
        {
            yield return Check.Missing(
                "data " + set.Name, "in none of " + string.Join(", ", catalog.Roots),
                $"'train' and 'reproduce' take drawn digits ('synthetic') until '{ProgramName.Text} data get {set.Name}' has "
                + "downloaded it");
        }
    }

    private static Check Orleans()
    {
        var built = typeof(DoctorCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(data => data.Key == "OrleansPackages")?.Value == "true";
        return built
            ? Check.Ok("Orleans", "built against the Orleans packages; the silo runs")
            : Check.Missing(
                "Orleans", "built without the Orleans packages",
                "no silo and no cluster on several machines; the virtual-time cluster is whole. "
                + "'dotnet restore eng/Orleans.proj' and a new build bring it, where the feed has the packages");
    }

    private static Check Disk()
    {
        var here = new DirectoryInfo(Environment.CurrentDirectory);
        try
        {
            var free = new DriveInfo(here.FullName).AvailableFreeSpace;
            return Check.Of(
                free >= ComfortableDiskBytes, "disk", $"{Quantity.Bytes(free)} free at {here.FullName}",
                "a run folder takes some 5 MB, more with many checkpoints");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Check.Weak(
                "disk", exception.Message, "run folders may not be written; --output names another place");
        }
    }

    private enum State
    {
        Ok,
        Weak,
        Missing,
    }

    /// <param name="Cost">What follows from a part that is weak or missing; null when it is neither.</param>
    private sealed record Check(State State, string Part, string Found, string? Cost)
    {
        public static Check Ok(string part, string found) => new(State.Ok, part, found, null);

        public static Check Weak(string part, string found, string cost) => new(State.Weak, part, found, cost);

        public static Check Missing(string part, string found, string cost) => new(State.Missing, part, found, cost);

        public static Check Of(bool isGood, string part, string found, string cost) =>
            isGood ? Ok(part, found) : Weak(part, found, cost);
    }
}
