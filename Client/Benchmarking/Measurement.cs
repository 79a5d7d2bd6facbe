using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>
/// The frame of the parts of <c>oe bench</c>: progress, the result on stdout, and with <c>--output</c> a manifest.
/// </summary>
internal static class Measurement
{
    /// <param name="part">Such as "model".</param>
    /// <param name="options">What was asked for, for the manifest.</param>
    /// <param name="measure">Gets what to tell how far it is; ends early at the wish to stop, with what it has.</param>
    /// <param name="show">Shows the result as text.</param>
    public static ExitCode Run<T>(
        Invocation invocation, string part, object options, Func<Action<SolverProgress>, T> measure, Action<T> show)
    {
        var started = invocation.Environment.Clock.GetUtcNow();
        AskedFolder.Reserve(invocation, "bench-" + part);
        var result = new ProgressView(invocation).Watch("bench " + part, measure);
        if (invocation.Json)
        {
            invocation.WriteJson(result);
        }
        else
        {
            show(result);
        }
        AskedFolder.Write(invocation, "bench-" + part, started, options, result);
        if (!invocation.Stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        invocation.Environment.Error.WriteLine("oe: stopped: the figures are of what was measured until then");
        return ExitCode.NotReached;
    }
}
