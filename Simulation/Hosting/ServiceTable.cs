using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>
/// What grains get injected beside the host's ports: by type, exactly as the constructor parameter names it.
/// </summary>
public sealed class ServiceTable
{
    private readonly Dictionary<Type, Func<GrainKey, VirtualNode, object>> _services = [];

    /// <summary>One instance for every grain.</summary>
    public ServiceTable Add<T>(T instance) where T : class => Add((_, _) => instance);

    /// <summary>An instance made for every activation, from its key and its node.</summary>
    public ServiceTable Add<T>(Func<GrainKey, VirtualNode, T> make) where T : class
    {
        _services[typeof(T)] = make;
        return this;
    }

    internal Func<GrainKey, VirtualNode, object>? Find(Type type) => _services.GetValueOrDefault(type);
}
