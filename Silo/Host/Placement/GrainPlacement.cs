using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace OrleansEdge.Silo.Placement;

/// <summary>Which placement strategy the grains of OrleansEdge have; the grain classes do not say it themselves.</summary>
internal static class GrainPlacement
{
    public static ISiloBuilder AddGrainPlacement(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<DrainState>();
        silo.Services.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        silo.Services.AddSingleton<IGrainPropertiesProvider, StrategyOfOurGrains>();
        return silo;
    }

    /// <summary>Every grain class of the Grains assembly is spread; Orleans' default put idle grains on one silo.</summary>
    private sealed class StrategyOfOurGrains : IGrainPropertiesProvider
    {
        public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
        {
            if (grainClass.Namespace?.StartsWith("OrleansEdge.Grains", StringComparison.Ordinal) == true)
            {
                properties[WellKnownGrainTypeProperties.PlacementStrategy] = nameof(SpreadPlacement);
            }
        }
    }
}
