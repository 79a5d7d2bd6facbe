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
            return (int)await Guarded(invocation, () =>
            {
                OutputFiles.Check(result, invocation.OutputFolder);
                return run(invocation);
            });
        });
        return command;
    }

    private async Task<ExitCode> Guarded(Invocation invocation, Func<Task<ExitCode>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception)
        {
            return Failures.Report(exception, environment, invocation.Verbose, invocation.Stop);
        }
    }
}
