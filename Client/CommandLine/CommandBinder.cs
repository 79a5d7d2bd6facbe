using System.CommandLine;
using OrleansEdge.Core;

namespace OrleansEdge.Client.CommandLine;

/// <summary>
/// Gives commands their actions: builds the invocation, and turns what goes wrong into one line and an exit code.
/// </summary>
internal sealed class CommandBinder(ConsoleEnvironment environment, GlobalOptions globals)
{
    /// <summary>What <paramref name="run"/> returns is the exit code.</summary>
    public Command Bind(Command command, Func<Invocation, Task<ExitCode>> run)
    {
        command.SetAction(async (result, stop) =>
        {
            using var invocation = new Invocation(environment, globals, result, stop);
            return (int)await Guarded(invocation, run);
        });
        return command;
    }

    private async Task<ExitCode> Guarded(Invocation invocation, Func<Invocation, Task<ExitCode>> run)
    {
        try
        {
            return await run(invocation);
        }
        catch (Exception exception)
        {
            return Failures.Report(exception, environment, invocation.Verbose, invocation.Stop);
        }
    }
}
