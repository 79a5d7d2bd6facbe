using System.Collections.Concurrent;

namespace OrleansEdge.Core.Models;

/// <summary>Lends model instances, so that each thread works in scratch memory of its own.</summary>
public sealed class ModelPool
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<IModel>> _idle = new();

    /// <summary>Runs <paramref name="use"/> with a model of this name that nobody else holds.</summary>
    public T Use<T>(string name, Func<IModel, T> use)
    {
        var idle = _idle.GetOrAdd(name, _ => []);
        var model = idle.TryTake(out var taken) ? taken : ModelCatalog.Create(name);
        try
        {
            return use(model);
        }
        finally
        {
            idle.Add(model);
        }
    }
}
