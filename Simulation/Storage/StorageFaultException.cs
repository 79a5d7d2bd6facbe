using Orleans.Runtime;

namespace OrleansEdge.Simulation.Storage;

/// <summary>A store refused an operation, or its answer was lost; see <see cref="StorageOptions"/>.</summary>
public sealed class StorageFaultException(string message) : OrleansException(message);
