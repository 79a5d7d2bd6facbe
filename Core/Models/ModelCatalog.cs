namespace OrleansEdge.Core.Models;

/// <summary>The models that the console knows by name.</summary>
public static class ModelCatalog
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [];

    /// <summary>Makes a model with scratch memory of its own.</summary>
    /// <exception cref="OrleansEdgeException">The name is unknown (64).</exception>
    public static IModel Create(string name) =>
        throw OrleansEdgeException.Usage($"model '{name}' is unknown; expected one of {string.Join(", ", Names)}");
}
