using OrleansEdge.Simulation.Hosting;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>Base of the generated grain references.</summary>
internal abstract class GrainProxy(MessageCenter center, GrainEntry entry)
{
    public readonly MessageCenter Center = center;
    public readonly GrainEntry Entry = entry;

    public sealed override bool Equals(object? obj) => obj is GrainProxy other && ReferenceEquals(Entry, other.Entry);

    public sealed override int GetHashCode() => Entry.GetHashCode();

    public sealed override string ToString() => Entry.ToString();
}
