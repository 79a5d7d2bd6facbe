namespace OrleansEdge.Grains.Interfaces.Hosting;

/// <summary>
/// What is told about a job and decides nothing in it. A virtual host counts such a member with no bytes, and keeps such
/// a state in a store that takes no time and never fails, so that observing a job changes nothing in it. On a real host
/// it is like any other.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class ObservationAttribute : Attribute;
