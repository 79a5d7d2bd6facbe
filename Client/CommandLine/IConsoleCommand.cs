using System.CommandLine;

namespace OrleansEdge.Client.CommandLine;

/// <summary>
/// One command of the console. A sealed class with a parameterless constructor that implements this anywhere in the
/// assembly is found by itself; nothing else has to be changed.
/// </summary>
internal interface IConsoleCommand
{
    /// <summary>Its place in the help, ascending.</summary>
    int Order { get; }

    /// <summary>
    /// The command that this is a part of, such as "bench" or "cluster submit"; null for one of the first level.
    /// </summary>
    string? Parent => null;

    /// <summary>The command with its options; <see cref="CommandBinder.Bind"/> gives it its action.</summary>
    Command Create(CommandBinder binder);
}
