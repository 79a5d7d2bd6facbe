using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
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
            return await work(Throttled<TrainingProgress>(clock, BetweenLines, atOnce: true, progress =>
                invocation.Environment.Error.WriteLine($"{name}: {TrainingPanel.Line(meter.Take(progress))}")));
        }
        var result = default(T);
        await invocation.Log.Live(new Text(name + ": starting")).AutoClear(true).StartAsync(async display =>
            result = await work(Throttled<TrainingProgress>(clock, BetweenFrames, atOnce: true, progress =>
                display.UpdateTarget(TrainingPanel.Render(name, meter.Take(progress))))));
        return result!;
    }

    /// <summary>Runs <paramref name="work"/> with a callback that says how far it is.</summary>
    /// <param name="name">What runs, in front of the figures.</param>
    public T Watch<T>(string name, Func<Action<SolverProgress>, T> work)
    {
        var clock = invocation.Environment.Clock;
        var started = clock.GetTimestamp();
        string Line(SolverProgress progress) =>
            $"{name}: {StepText.Of(progress, clock.GetElapsedTime(started).TotalSeconds)}";
        if (invocation.Quiet)
        {
            return work(static _ => { });
        }
        if (!invocation.Environment.ErrorIsTerminal)
        {
            var shown = Throttled<SolverProgress>(
                clock, BetweenLines, atOnce: false, progress => invocation.Environment.Error.WriteLine(Line(progress)));
            return work(shown);
        }
        return invocation.Log.Status().Start(Markup.Escape(name), status => work(Throttled<SolverProgress>(
            clock, BetweenFrames, atOnce: true, progress => status.Status = Markup.Escape(Line(progress)))));
    }

    /// <summary>A line on stderr, unless <c>--quiet</c>.</summary>
    public void Say(string line)
    {
        if (!invocation.Quiet)
        {
            invocation.Environment.Error.WriteLine(line);
        }
    }

    /// <summary>Shows one of the reports now and then; safe for many threads.</summary>
    /// <param name="atOnce">Whether the first report is shown, however early it comes.</param>
    private static Action<T> Throttled<T>(TimeProvider clock, TimeSpan between, bool atOnce, Action<T> show)
    {
        var gate = new Lock();
        var last = atOnce ? (long?)null : clock.GetTimestamp();
        return progress =>
        {
            lock (gate)
            {
                if (last is null || clock.GetElapsedTime(last.Value) >= between)
                {
                    last = clock.GetTimestamp();
                    show(progress);
                }
            }
        };
    }
}
