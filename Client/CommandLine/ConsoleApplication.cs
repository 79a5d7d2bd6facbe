using System.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>The whole console: finds the commands, reads the command line and the scenario, runs one command.</summary>
internal static class ConsoleApplication
{
    private static readonly string About = $"""
        OrleansEdge: edge learning and edge offloading as Orleans grains, in a deterministic virtual-time cluster.
        Start with '{ProgramName.Text} demo'.
        """;

    /// <summary>Runs one command line.</summary>
    /// <param name="stop">The user's wish to finish early and keep what there is.</param>
    /// <returns>The exit code, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(
        IReadOnlyList<string> arguments, ConsoleEnvironment environment, CancellationToken stop = default)
    {
        try
        {
            return await Invoke(arguments, environment, stop);
        }
        catch (Exception exception)
        {
            var verbose = arguments.Contains("--verbose") || !string.IsNullOrEmpty(environment.Variable("OE_TRACE"));
            return (int)Failures.Report(exception, environment, verbose, stop);
        }
    }

    /// <summary>Reads a command line without running it.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> arguments, ConsoleEnvironment environment) =>
        Root(environment, new GlobalOptions()).Parse(arguments, Parsing);

    private static async Task<int> Invoke(
        IReadOnlyList<string> arguments, ConsoleEnvironment environment, CancellationToken stop)
    {
        var globals = new GlobalOptions();
        var root = Root(environment, globals);
        var result = root.Parse(arguments, Parsing);
        if (result.GetResult(globals.Scenario)?.GetValueOrDefault<string>() is { } path)
        {
            var tokens = Stoppable.Run(() => ScenarioFile.Tokens(path, result), stop)
                ?? throw new OperationCanceledException(stop);
            result = root.Parse([.. arguments, .. tokens], Parsing);
        }
        var asksForHelp = arguments.Count == 0 || result.Action is { ClearsParseErrors: true };
        if (!asksForHelp && UsageErrors.FirstLine(result) is { } line)
        {
            environment.Error.WriteLine("oe: " + line);
            return (int)ExitCode.Usage;
        }
        return await (arguments.Count == 0 ? root.Parse(["--help"], Parsing) : result).InvokeAsync(
            new InvocationConfiguration
            {
                Output = environment.Output,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            stop);
    }

    private static ParserConfiguration Parsing =>
        new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private static RootCommand Root(ConsoleEnvironment environment, GlobalOptions globals)
    {
        var root = new RootCommand(About);
        root.Directives.Clear();
        var binder = new CommandBinder(environment, globals);
        foreach (var command in Commands())
        {
            var names = command.Parent?.Split(' ') ?? [];
            var parent = names.Aggregate(
                (Command)root, (outer, name) => outer.Subcommands.Single(inner => inner.Name == name));
            parent.Add(command.Create(binder));
        }
        foreach (var option in globals.All)
        {
            root.Add(option);
        }
        return root;
    }

    private static IEnumerable<IConsoleCommand> Commands() => typeof(ConsoleApplication).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IConsoleCommand)))
        .Select(type => (IConsoleCommand)Activator.CreateInstance(type)!)
        .OrderBy(command => command.Parent is not null).ThenBy(command => command.Order)
        .ThenBy(command => command.GetType().Name, StringComparer.Ordinal);
}
