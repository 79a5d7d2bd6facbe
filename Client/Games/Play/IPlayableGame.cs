using System.CommandLine;
using OrleansEdge.Client.CommandLine;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// A game of <c>oe play</c>. A sealed class with a parameterless constructor that implements this anywhere in the
/// assembly is found by itself; nothing else has to be changed.
/// </summary>
internal interface IPlayableGame
{
    /// <summary>Its place in the help, ascending.</summary>
    int Order { get; }

    /// <summary>As the command line names it.</summary>
    string Name { get; }

    /// <summary>One sentence for the help.</summary>
    string Description { get; }

    /// <summary>The options that only this game takes.</summary>
    IEnumerable<Option> Flags { get; }

    /// <summary>Draws the instance that options and seed describe, solves it and certifies the result.</summary>
    GameOutcome Play(Invocation invocation);
}
