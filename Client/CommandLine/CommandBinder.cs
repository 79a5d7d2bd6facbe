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
        catch (OrleansEdgeException exception)
        {
            return Fail(invocation, exception.ExitCode, exception.Message, exception);
        }
        catch (OperationCanceledException) when (invocation.Stop.IsCancellationRequested)
        {
            return Fail(invocation, ExitCode.NotReached, "stopped before there was a result", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(invocation, ExitCode.InputOutput, exception.Message, exception);
        }
        catch (Exception exception)
        {
            var hint = invocation.Verbose ? "" : " (a bug; --verbose or OE_TRACE=1 shows where)";
            return Fail(
                invocation, ExitCode.Software, $"{exception.GetType().Name}: {exception.Message}{hint}", exception);
        }
    }

    private ExitCode Fail(Invocation invocation, ExitCode code, string message, Exception? exception)
    {
        environment.Error.WriteLine("oe: " + message.ReplaceLineEndings(" "));
        if (invocation.Verbose && exception is not null)
        {
            environment.Error.WriteLine(exception.ToString());
        }
        return code;
    }
}
