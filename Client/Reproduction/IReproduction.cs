using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Reproduction;

/// <summary>A figure or table of a paper that <c>oe reproduce</c> makes again, ours beside theirs.</summary>
internal interface IReproduction
{
    /// <summary>As <c>oe reproduce</c> takes it.</summary>
    string Name { get; }

    string Title { get; }

    /// <summary>One sentence, for the help and under the title.</summary>
    string Description { get; }

    /// <summary>What it takes besides the options of every command.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Runs, shows the result, and writes table.md, report.html and manifest.json.</summary>
    Task<ExitCode> Run(Invocation invocation);
}
