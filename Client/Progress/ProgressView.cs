using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Grains.Interfaces.Training;
using Spectre.Console;

namespace OrleansEdge.Client.Progress;

/// <summary>
/// Shows how a run goes on, on stderr: a live display where that is a terminal, otherwise a line every few seconds;
/// nothing with <c>--quiet</c>.
/// </summary>
internal sealed class ProgressView(Invocation invocation)
{
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="work"/> with a progress callback that feeds the display.</summary>
    /// <param name="name">What runs, in front of the figures.</param>
    public async Task<T> Show<T>(string name, TrainingJob job, Func<Action<TrainingProgress>, Task<T>> work)
    {
        var clock = invocation.Environment.Clock;
        var meter = new TrainingMeter(job, clock);
        if (invocation.Quiet)
        {
            return await work(static _ => { });
        }
        if (!invocation.Environment.ErrorIsTerminal)
        {
            return await work(Throttled(clock, BetweenLines, progress =>
                invocation.Environment.Error.WriteLine($"{name}: {TrainingPanel.Line(meter.Take(progress))}")));
        }
        var result = default(T);
        await invocation.Log.Live(new Text(name + ": starting")).AutoClear(true).StartAsync(async display =>
            result = await work(Throttled(clock, BetweenFrames, progress =>
                display.UpdateTarget(TrainingPanel.Render(name, meter.Take(progress))))));
        return result!;
    }

    /// <summary>A line on stderr, unless <c>--quiet</c>.</summary>
    public void Say(string line)
    {
        if (!invocation.Quiet)
        {
            invocation.Environment.Error.WriteLine(line);
        }
    }

    private static Action<TrainingProgress> Throttled(
        TimeProvider clock, TimeSpan between, Action<TrainingProgress> show)
    {
        var last = clock.GetTimestamp() - clock.TimestampFrequency;
        return progress =>
        {
            if (clock.GetElapsedTime(last) >= between)
            {
                last = clock.GetTimestamp();
                show(progress);
            }
        };
    }
}
