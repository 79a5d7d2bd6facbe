using System.Collections.Concurrent;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Core.Training;

/// <summary>
/// Scratch memory of one gradient: as many are made as run at a time, however many workers there are.
/// </summary>
public sealed class GradientWorkspace
{
    internal GradientWorkspace(string model, int batchSize, double density)
    {
        Model = ModelCatalog.Create(model);
        Parameters = new float[Model.ParameterCount];
        Gradient = new float[Model.ParameterCount];
        Inputs = new float[batchSize * Model.InputLength];
        Labels = new int[batchSize];
        Rows = new int[batchSize];
        Selector = new GradientSelector(Model.ParameterBlocks, density);
        Selected = new SparseUpdate(Selector.SelectedCount);
    }

    public IModel Model { get; }

    /// <summary>[parameters].</summary>
    public float[] Parameters { get; }

    /// <summary>[parameters].</summary>
    public float[] Gradient { get; }

    /// <summary>[batch x features].</summary>
    public float[] Inputs { get; }

    /// <summary>[batch].</summary>
    public int[] Labels { get; }

    /// <summary>[batch], indices of examples.</summary>
    public int[] Rows { get; }

    /// <summary>Finds the entries that are pushed.</summary>
    public GradientSelector Selector { get; }

    /// <summary>The selected entries.</summary>
    public SparseUpdate Selected { get; }
}

/// <summary>Lends workspaces; safe for many threads.</summary>
public sealed class GradientWorkspaces
{
    private readonly ConcurrentDictionary<(string, int, double), ConcurrentBag<GradientWorkspace>> _idle = new();

    /// <summary>Runs <paramref name="use"/> with a workspace that nobody else holds.</summary>
    public T Use<T>(GradientSettings settings, Func<GradientWorkspace, T> use)
    {
        var idle = _idle.GetOrAdd((settings.Model, settings.BatchSize, settings.Density), _ => []);
        var workspace = idle.TryTake(out var taken)
            ? taken
            : new GradientWorkspace(settings.Model, settings.BatchSize, settings.Density);
        try
        {
            return use(workspace);
        }
        finally
        {
            idle.Add(workspace);
        }
    }
}
