namespace OrleansEdge.Silo.Placement;

/// <summary>Whether this silo is about to stop and takes no more grains.</summary>
internal sealed class DrainState(ILocalSiloDetails local)
{
    public bool Draining { get; set; }

    /// <summary>Whether <paramref name="silo"/> is this silo, about to stop.</summary>
    public bool Leaves(SiloAddress silo) => Draining && silo.Equals(local.SiloAddress);
}
