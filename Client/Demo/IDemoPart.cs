using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;

namespace OrleansEdge.Client.Demo;

/// <summary>
/// One thing that <c>oe demo</c> shows. A sealed class with a parameterless constructor that implements this anywhere
/// in the assembly is found by itself; nothing else has to be changed.
/// </summary>
internal interface IDemoPart
{
    /// <summary>When it is shown, ascending.</summary>
    int Order { get; }

    /// <summary>Name of its object in the JSON.</summary>
    string Name { get; }

    /// <summary>
    /// Runs; shows what came out on <see cref="Invocation.Out"/> unless <see cref="Invocation.Json"/>; adds its
    /// sections to the report.
    /// </summary>
    /// <param name="folder">For files of its own, in an inner folder.</param>
    /// <returns>Its object in the JSON.</returns>
    Task<object> Run(Invocation invocation, RunFolder folder, ReportBuilder report);
}
