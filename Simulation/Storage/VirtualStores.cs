using System.Reflection;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Storage;

/// <summary>Grain storage in memory: records by store, state and grain.</summary>
internal sealed class VirtualStores(StorageOptions options, ulong seed, EventLoop loop)
{
    /// <summary>The store of states that name none.</summary>
    public const string DefaultName = "Default";

    private readonly Dictionary<(string Store, string State, GrainEntry Grain), StoredState> _records = [];

    public EventLoop Loop => loop;

    /// <summary>Makes the facets of one constructor parameter.</summary>
    public Func<Activation, object> FacetMaker(Type stateType, string store, string state) =>
        (Func<Activation, object>)typeof(VirtualStores)
            .GetMethod(nameof(MakeFacetMaker), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(stateType).Invoke(this, [store, state])!;

    /// <summary>Virtual nanoseconds of an operation on a record of a size.</summary>
    public long Duration(StoredState record, long bytes) => record.IsObservation
        ? 0
        : VirtualTime.FromSeconds(options.LatencySeconds + (bytes / options.BytesPerSecond));

    /// <summary>What an operation fails with, or null; drawn from the record's own stream.</summary>
    public StorageFaultException? Fault(StoredState record, string operation)
    {
        var probability = operation == "read" ? options.ReadFailureProbability : options.WriteFailureProbability;
        return probability > 0 && !record.IsObservation && record.Random.NextDouble() < probability
            ? new StorageFaultException($"The store failed to {operation} {record.Name}.")
            : null;
    }

    /// <summary>Whether the grain does not learn that an operation was done; drawn from the record's own stream.</summary>
    public bool LosesAnswer(StoredState record, string operation) =>
        operation != "read" && options.LostAnswerProbability > 0
        && record.Random.NextDouble() < options.LostAnswerProbability;

    private Func<Activation, object> MakeFacetMaker<T>(string store, string state) =>
        activation => new VirtualState<T>(
            this,
            RecordOf(store, state, activation.Entry, typeof(T).IsDefined(typeof(ObservationAttribute))),
            activation);

    private StoredState RecordOf(string store, string state, GrainEntry grain, bool isObservation)
    {
        if (!_records.TryGetValue((store, state, grain), out var record))
        {
            var identity = StableHash.Mix(StableHash.Of(store), StableHash.Of(state));
            record = new StoredState(
                $"{state} of {grain}", new RandomStream(seed, "storage", grain.Identity, identity))
            {
                IsObservation = isObservation,
            };
            _records.Add((store, state, grain), record);
        }
        return record;
    }
}

/// <summary>One record of a store.</summary>
internal sealed class StoredState(string name, RandomStream random)
{
    public RandomStream Random = random;

    public string Name { get; } = name;

    /// <summary>Operations take no time and never fail.</summary>
    public bool IsObservation { get; init; }

    public bool Exists { get; set; }

    public object? Value { get; set; }

    /// <summary>Number of writes; the entity tag.</summary>
    public long Version { get; set; }
}
