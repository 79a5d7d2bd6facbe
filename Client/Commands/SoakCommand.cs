using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Training;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe soak training</c>: random fault schedules with checkers.</summary>
internal sealed class SoakCommand : IConsoleCommand
{
    /// <summary>One schedule of so many is run on one core and on four, and compared.</summary>
    private const int SchedulesPerComparison = 10;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly CheckedOption<int> _schedules = Options.Integer(
        "--schedules", "Schedules to run; with --hours alone, as many as there is time for.", 200, 1, int.MaxValue);

    private readonly CheckedOption<long> _from = Options.Long(
        "--from", "Seed of the first schedule; the others follow it.", 1, 0);

    private readonly CheckedOption<double> _hours = Options.Number(
        "--hours", "Hours after which no further schedule is begun; 0 for no end.", 0, 0, 10_000);

    public int Order => 78;

    public Command Create(CommandBinder binder) => new(
        "soak", "Random fault schedules, each run to its end and checked. Exit code 70 when one violates a check.")
    {
        binder.Bind(
            new Command(
                "training",
                "Small training jobs under lost messages, failing storage, crashes and partitions: each must end with " +
                "every update, the shards' own counts, a last evaluation, and nobody called lost who is not; one in ten " +
                "must come to the same on one core and on four. Exit code 0 when all do, 70 when one does not, 75 when " +
                "stopped before the last schedule.")
            {
                _schedules, _from, _hours,
            },
            invocation => Task.FromResult(Run(invocation))),
    };

    private ExitCode Run(Invocation invocation)
    {
        var clock = invocation.Environment.Clock;
        var soak = new TrainingSoak(new WorkerData(invocation.Environment.Data));
        var hours = invocation.Value(_hours);
        var asked = hours > 0 && !invocation.IsGiven(_schedules) ? long.MaxValue : invocation.Value(_schedules);
        var (start, lastLine) = (clock.GetTimestamp(), clock.GetTimestamp());
        var result = new SoakResult();
        while (result.Schedules < asked && !invocation.Stop.IsCancellationRequested
            && (hours == 0 || clock.GetElapsedTime(start).TotalHours < hours))
        {
            var seed = (ulong)(invocation.Value(_from) + result.Schedules);
            if (RunOne(soak, seed, invocation.Stop) is not { } outcome)
            {
                break;
            }
            result.Add(outcome);
            result.SchedulesPerCoreMinute = result.Schedules / clock.GetElapsedTime(start).TotalMinutes;
            foreach (var violation in outcome.Violations)
            {
                invocation.Environment.Error.WriteLine($"seed {seed}: {violation}; to repeat: {Repeat(SoakResult.CommandOf(seed))}");
            }
            if (!invocation.Quiet && clock.GetElapsedTime(lastLine) > LineInterval)
            {
                lastLine = clock.GetTimestamp();
                invocation.Environment.Error.WriteLine(Line(result, asked));
            }
        }
        Show(invocation, result);
        return CodeOf(invocation, result, asked, hours);
    }

    /// <summary>Null when stopped in the middle.</summary>
    private static SoakOutcome? RunOne(TrainingSoak soak, ulong seed, CancellationToken stop)
    {
        try
        {
            return soak.Run(FaultSchedule.Draw(seed), seed % SchedulesPerComparison == 0, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static ExitCode CodeOf(Invocation invocation, SoakResult result, long asked, double hours)
    {
        if (result.Violations > 0)
        {
            return ExitCode.Software;
        }
        if (invocation.Stop.IsCancellationRequested && (result.Schedules < asked || hours > 0))
        {
            invocation.Environment.Error.WriteLine($"oe: stopped after {result.Schedules} schedules, none violated");
            return ExitCode.NotReached;
        }
        return ExitCode.Success;
    }

    private static string Line(SoakResult result, long asked) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Schedules}{(asked == long.MaxValue ? "" : $" of {asked}")} schedules, {result.Violations} violated, " +
        $"{result.SchedulesPerCoreMinute:0} a minute");

    private static string Repeat(string command) => ProgramName.InHints($"'{command}'");

    private static void Show(Invocation invocation, SoakResult result)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(result);
            return;
        }
        invocation.Environment.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Schedules} schedules with {result.Faults} faults, {result.Compared} of them compared on 1 and 4 cores: " +
            $"{result.Violations} violated ({result.SchedulesPerCoreMinute:0} schedules a minute on one core)"));
        foreach (var found in result.Found)
        {
            invocation.Environment.Output.WriteLine($"{found.Violation}; to repeat: {Repeat(found.Command)}");
        }
    }

    /// <summary>What stands on stdout.</summary>
    private sealed record SoakResult
    {
        public string Command => "soak training";

        public long Schedules { get; private set; }

        /// <summary>Schedules that violated a check.</summary>
        public long Violations { get; private set; }

        public double SchedulesPerCoreMinute { get; set; }

        public long Faults { get; private set; }

        /// <summary>Schedules that were run on one core and on four.</summary>
        public long Compared { get; private set; }

        public List<Found> Found { get; } = [];

        public static string CommandOf(ulong seed) => $"oe soak training --from {seed} --schedules 1";

        public void Add(SoakOutcome outcome)
        {
            var seed = outcome.Schedule.Seed;
            Schedules++;
            Faults += outcome.Schedule.Faults;
            Compared += seed % SchedulesPerComparison == 0 ? 1 : 0;
            Violations += outcome.Violations.Count > 0 ? 1 : 0;
            Found.AddRange(outcome.Violations.Select(violation => new Found(seed, violation, CommandOf(seed))));
        }
    }

    private sealed record Found(ulong Seed, string Violation, string Command);
}
