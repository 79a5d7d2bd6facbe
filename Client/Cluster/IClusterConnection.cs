using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Client.Cluster;

/// <summary>A connection to a running cluster.</summary>
internal interface IClusterConnection : IAsyncDisposable
{
    IGrains Grains { get; }
}
