using System.Reflection;
using Orleans;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>The grain classes of a cluster and the interfaces by which they are found.</summary>
public sealed class GrainClasses
{
    private readonly Dictionary<Type, Type> _classByInterface = [];

    /// <summary>Adds one grain class.</summary>
    public GrainClasses Add<TGrain>() where TGrain : class, IGrainWithStringKey => Add(typeof(TGrain));

    /// <summary>Adds every grain class of an assembly.</summary>
    public GrainClasses AddGrains(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(IsGrainClass).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            Add(type);
        }
        return this;
    }

    /// <exception cref="ArgumentException">
    /// It is no grain class, or one of its interfaces has a class already.
    /// </exception>
    public GrainClasses Add(Type grainClass)
    {
        if (!IsGrainClass(grainClass))
        {
            throw new ArgumentException(
                $"{grainClass} is no grain class: a class with a grain interface and one public constructor.", nameof(grainClass));
        }
        foreach (var grainInterface in InterfacesOf(grainClass))
        {
            if (_classByInterface.TryGetValue(grainInterface, out var other) && other != grainClass)
            {
                throw new ArgumentException(
                    $"{grainInterface} is implemented by {other} and by {grainClass}.", nameof(grainClass));
            }
            _classByInterface[grainInterface] = grainClass;
        }
        return this;
    }

    internal Type ClassOf(Type grainInterface) => _classByInterface.TryGetValue(grainInterface, out var grainClass)
        ? grainClass
        : throw new InvalidOperationException(
            $"No grain class that implements {grainInterface} was added to the virtual cluster.");

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } &&
        InterfacesOf(type).Any() && type.GetConstructors().Length == 1;

    private static IEnumerable<Type> InterfacesOf(Type type) => type.GetInterfaces().Where(candidate =>
        candidate != typeof(IGrainWithStringKey) && typeof(IGrainWithStringKey).IsAssignableFrom(candidate));
}
