using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Commands;

/// <summary><c>oe doctor</c>: what is installed, what is missing, and what each missing part costs.</summary>
internal sealed class DoctorCommand : IConsoleCommand
{
    public int Order => 80;

    public Command Create(CommandBinder binder) => binder.Bind(
        new Command("doctor", "What is installed, what is missing, and what each missing part costs."), Run);

    private static Task<ExitCode> Run(Invocation invocation) => Task.FromResult(ExitCode.Success);
}
