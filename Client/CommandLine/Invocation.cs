using System.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using Spectre.Console;

namespace OrleansEdge.Client.CommandLine;

/// <summary>One run of a command: its option values, its streams, and the wish to stop.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult _result;
    private readonly GlobalOptions _globals;
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _either;
    private RunFolder? _folder;

    public Invocation(ConsoleEnvironment environment, GlobalOptions globals, ParseResult result, CancellationToken stop)
    {
        (Environment, _globals, _result, Stop) = (environment, globals, result, stop);
        if (result.GetValue(globals.TimeLimit) is { } limit)
        {
            _timer = new CancellationTokenSource(limit, environment.Clock);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, stop);
            Stop = _either.Token;
        }
        var color = !result.GetValue(globals.NoColor) && string.IsNullOrEmpty(environment.Variable("NO_COLOR"));
        Out = Renderer(environment.Output, color && environment.OutputIsTerminal, environment.OutputIsTerminal);
        Log = Renderer(environment.Error, color && environment.ErrorIsTerminal, environment.ErrorIsTerminal);
    }

    public ConsoleEnvironment Environment { get; }

    /// <summary>
    /// Cancelled by the first Ctrl+C, by SIGTERM and at the <c>--time-limit</c>: finish within two seconds and keep what
    /// there is.
    /// </summary>
    public CancellationToken Stop { get; }

    /// <summary>Rendering to stdout; only for <c>--format text</c>.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Rendering to stderr.</summary>
    public IAnsiConsole Log { get; }

    public ulong Seed => _result.GetValue(_globals.Seed);

    public bool Json => _result.GetValue(_globals.Format) == "json";

    public bool Quiet => _result.GetValue(_globals.Quiet);

    public bool Verbose =>
        _result.GetValue(_globals.Verbose) || !string.IsNullOrEmpty(Environment.Variable("OE_TRACE"));

    /// <summary>The folder given by <c>--output</c>, or null.</summary>
    public string? OutputFolder => _result.GetValue(_globals.Output);

    /// <summary>
    /// The folder of this run, locked until the command has ended: the one given by <c>--output</c>, else the resumed one,
    /// else a new one <c>runs/NAME-TIME</c>. Asked again, it is the same.
    /// </summary>
    /// <param name="resumed">The folder of the run that goes on, or null.</param>
    /// <exception cref="OrleansEdgeException">
    /// It holds another run, or one is going on in it (64); it could not be made (74).
    /// </exception>
    public RunFolder OpenFolder(string name, string? resumed = null) =>
        _folder ??= (OutputFolder ?? resumed) is { } path
            ? RunFolder.Open(path, resumed is not null && IsSame(path, resumed), _result.GetValue(_globals.Force))
            : RunFolder.OpenNew(name, Environment.Clock);

    /// <summary>
    /// Opens the folder before the work is done, so that one with another run is refused then; one that cannot be made is
    /// for <see cref="OpenFolder"/> to say, after the result.
    /// </summary>
    /// <exception cref="OrleansEdgeException">It holds another run, or one is going on in it (64).</exception>
    public void ReserveFolder(string name)
    {
        try
        {
            OpenFolder(name);
        }
        catch (OrleansEdgeException exception) when (exception.ExitCode == ExitCode.InputOutput)
        {
            // Said after the result.
        }
    }

    /// <summary>
    /// Does something with files once the result is printed: where it fails, a warning says so and the result stands.
    /// </summary>
    /// <returns>Whether it went well.</returns>
    public bool AfterResult(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception exception) when (AtomicFile.IsOfFiles(exception)
            || exception is OrleansEdgeException { ExitCode: ExitCode.InputOutput })
        {
            Warn(exception.Message);
            return false;
        }
    }

    /// <summary>A line on stderr of what the user should know, whether or not <c>--quiet</c>.</summary>
    public void Warn(string line) =>
        Environment.Error.WriteLine("oe: warning: " + ProgramName.InHints(line.ReplaceLineEndings(" ")));

    /// <summary>Whether <c>--seed</c> was given.</summary>
    public bool SeedIsGiven => IsGiven(_globals.Seed);

    public void Dispose()
    {
        _folder?.Dispose();
        _either?.Dispose();
        _timer?.Dispose();
    }

    /// <summary>The value of an option, its default where it was not given.</summary>
    public T Value<T>(Option<T> option) => _result.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    public T Value<T>(Argument<T> argument) => _result.GetValue(argument)!;

    /// <summary>Whether the user gave this option, in the scenario or on the command line.</summary>
    public bool IsGiven(Option option) => _result.GetResult(option) is { Implicit: false };

    /// <summary>Writes the one object of <c>--format json</c>.</summary>
    public void WriteJson<T>(T value) => Environment.Output.WriteLine(JsonText.Of(value));

    /// <summary>The command line, a scenario's values included.</summary>
    public string CommandText => string.Join(
        ' ', _result.Tokens.Select(token => token.Value).Prepend("oe").Select(t => t.Contains(' ') ? $"'{t}'" : t));

    /// <summary>The options that were given, as they were given.</summary>
    public IReadOnlyDictionary<string, string> GivenOptions() =>
        UsageErrors.OptionsOf(_result.CommandResult.Command).Where(IsGiven).DistinctBy(option => option.Name)
            .ToDictionary(
            option => option.Name,
            option => string.Join(' ', _result.GetResult(option)!.Tokens.Select(token => token.Value)));

    private static bool IsSame(string a, string b) => Full(a) == Full(b);

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static IAnsiConsole Renderer(TextWriter writer, bool color, bool isTerminal) => AnsiConsole.Create(
        new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new PlainOutput(writer, isTerminal),
        });

    /// <summary>Spectre's own output asks the real console for its width even where it does not write to it.</summary>
    private sealed class PlainOutput(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        private const int WidthOfFiles = 110;

        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => isTerminal ? Math.Max(Console.BufferWidth, 40) : WidthOfFiles;

        public int Height => isTerminal ? Math.Max(Console.BufferHeight, 10) : 50;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
