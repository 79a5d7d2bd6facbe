using System.Reflection;
using Orleans.Concurrency;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>A method of a grain interface.</summary>
internal sealed class GrainMethod
{
    private static int _count;

    public GrainMethod(Type grainInterface, MethodInfo method)
    {
        Number = Interlocked.Increment(ref _count) - 1;
        Interface = grainInterface;
        Name = method.Name;
        FullName = $"{grainInterface.Name}.{method.Name}";
        Identity = StableHash.Of($"{grainInterface.FullName}.{method}");
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute), true);
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute), true);
    }

    /// <summary>Position among the methods of this process; differs from run to run.</summary>
    public int Number { get; }

    public Type Interface { get; }

    public string Name { get; }

    public string FullName { get; }

    /// <summary>Stable identity in the trace.</summary>
    public ulong Identity { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }
}
