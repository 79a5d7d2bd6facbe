using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>A grain class: how its activations are made and what may interleave.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInvoker _constructor;
    private readonly Func<Activation, object?>[] _arguments;

    public GrainClass(Type type, HostServices services)
    {
        Type = type;
        Identity = StableHash.Of(type.FullName ?? type.Name);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), false);
        var constructor = type.GetConstructors()[0];
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = [.. constructor.GetParameters().Select(parameter => Resolve(parameter, services))];
    }

    public Type Type { get; }

    public ulong Identity { get; }

    public bool IsReentrant { get; }

    /// <summary>A new instance for an activation.</summary>
    public object Create(Activation activation)
    {
        var arguments = new object?[_arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _arguments[i](activation);
        }
        return _constructor.Invoke(arguments);
    }

    private Func<Activation, object?> Resolve(ParameterInfo parameter, HostServices services)
    {
        var type = parameter.ParameterType;
        if (type == typeof(GrainKey))
        {
            return activation => new GrainKey(activation.Entry.Key);
        }
        if (type == typeof(ITurns) || type == typeof(IComputePool))
        {
            return activation => activation;
        }
        if (type == typeof(IGrains))
        {
            return _ => services.Grains;
        }
        if (type == typeof(TimeProvider))
        {
            return _ => services.Time;
        }
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return ResolveState(parameter, state, services.Stores);
        }
        if (services.Table.Find(type) is { } make)
        {
            return activation => make(new GrainKey(activation.Entry.Key), activation.Node);
        }
        return parameter.HasDefaultValue ? _ => parameter.DefaultValue : throw new InvalidOperationException(
            $"{Type}: the constructor parameter {parameter.Name} of type {type} is no port of the host and not in its services.");
    }

    private Func<Activation, object?> ResolveState(
        ParameterInfo parameter, PersistentStateAttribute state, VirtualStores stores)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new InvalidOperationException(
                $"{Type}: the parameter {parameter.Name} has [PersistentState] and is no IPersistentState<T>.");
        }
        var (store, name) = (state.StorageName ?? VirtualStores.DefaultName, state.StateName ?? parameter.Name!);
        return stores.FacetMaker(type.GetGenericArguments()[0], store, name);
    }
}

/// <summary>What activations are made from.</summary>
internal sealed record HostServices(IGrains Grains, TimeProvider Time, VirtualStores Stores, ServiceTable Table);
