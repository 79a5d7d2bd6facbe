using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// Where the players of an offloading game live. A sealed class with a parameterless constructor that implements this
/// anywhere in the assembly is found by itself.
/// </summary>
internal interface IOffloadingMode
{
    /// <summary>As <c>--mode</c> names it.</summary>
    string Name { get; }

    /// <summary>Plays from the game's current profile and leaves the game on the final one.</summary>
    /// <param name="options">What the users were drawn by; null where they come from a file.</param>
    OffloadingRun Solve(
        Invocation invocation, OffloadingGame game, OffloadingOptions? options, DynamicsFlags dynamics,
        Solving solving);

    /// <summary>All modes, the one in memory first.</summary>
    static IReadOnlyList<IOffloadingMode> All { get; } =
    [
        .. typeof(IOffloadingMode).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IOffloadingMode)))
            .Select(type => (IOffloadingMode)Activator.CreateInstance(type)!)
            .OrderBy(mode => mode is not MemoryMode).ThenBy(mode => mode.Name, StringComparer.Ordinal),
    ];
}

/// <summary>How an offloading game was solved.</summary>
/// <param name="TraceEvery">Moves between two points of the result's trace.</param>
/// <param name="Figures">What only this mode measures.</param>
internal sealed record OffloadingRun(
    DynamicsResult Result, int TraceEvery, string Solver, IReadOnlyList<GameFigure> Figures);
