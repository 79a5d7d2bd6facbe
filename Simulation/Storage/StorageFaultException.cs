using Orleans.Runtime;

namespace OrleansEdge.Simulation.Storage;

/// <summary>A store refused an operation; nothing was changed.</summary>
public sealed class StorageFaultException(string message) : OrleansException(message);
