using System.CommandLine;
using System.Globalization;

namespace OrleansEdge.Client.CommandLine;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public CheckedOption<ulong> Seed { get; } = new(
        "--seed", "Decides everything random.", "an integer from 0 to 18446744073709551615", "N",
        (string text, out ulong value) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
    {
        DefaultValueFactory = _ => 1,
        Recursive = true,
    };

    public CheckedOption<string> Format { get; } = Recursive(
        Options.Choice("--format", "What stdout carries: text, or one JSON object.", "text", ["text", "json"]));

    public CheckedOption<string?> Output { get; } = Recursive(
        Options.Text("--output", "The run folder (default: runs/COMMAND-TIME).", "a folder", "DIR"));

    public Option<bool> Force { get; } = Recursive(
        Options.Switch("--force", "Takes away what another run has left in the run folder."));

    public CheckedOption<string?> Scenario { get; } = Recursive(
        Options.Text("--scenario", "JSON file of option values; the command line wins.", "a JSON file", "FILE"));

    public CheckedOption<TimeSpan?> TimeLimit { get; } = Recursive(Options.Duration(
        "--time-limit", "Ends the run after this time as Ctrl+C does, with what it has."));

    public Option<bool> Quiet { get; } = Recursive(Options.Switch("--quiet", "No progress."));

    public Option<bool> NoColor { get; } = Recursive(
        Options.Switch("--no-color", "No colour, as with the variable NO_COLOR."));

    public Option<bool> Verbose { get; } = Recursive(
        Options.Switch("--verbose", "Where a bug came from, as with the variable OE_TRACE."));

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Seed, Format, Output, Force, Scenario, TimeLimit, Quiet, NoColor, Verbose];

    private static TOption Recursive<TOption>(TOption option) where TOption : Option
    {
        option.Recursive = true;
        return option;
    }
}
