using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;

namespace OrleansEdge.Silo.Ports;

/// <summary>What the grains share within a process: examples, models, scratch memory.</summary>
public static class GrainServices
{
    public static IServiceCollection AddGrainServices(this IServiceCollection services) => services
        .AddSingleton(_ => DataCatalog.Default((count, body) => Parallel.For(0, count, body)))
        .AddSingleton<WorkerData>()
        .AddSingleton<ModelPool>()
        .AddSingleton<GradientWorkspaces>();
}
