using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace OrleansEdge.Silo.Placement;

/// <summary>Where the grains of OrleansEdge go; the grain classes do not say it themselves.</summary>
internal static class GrainPlacement
{
    /// <summary>Grain property of our grain classes.</summary>
    public const string OursKey = "oe.grain";

    public static ISiloBuilder AddGrainPlacement(this ISiloBuilder silo, SiloOptions options)
    {
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<DrainState>();
        silo.Services.AddSingleton<LocalActivations>();
        silo.Services.AddSingleton<IConfigureGrainContextProvider>(p => p.GetRequiredService<LocalActivations>());
        silo.Services.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        silo.Services.AddSingleton<IGrainPropertiesProvider, PropertiesOfOurGrains>();
        silo.Services.AddHostedService<Handover>();
        silo.AddIncomingGrainCallFilter<ReplicaSeparation>();
        return silo;
    }

    /// <summary>Every grain class of ours is spread; Orleans' default put idle grains on one silo.</summary>
    private sealed class PropertiesOfOurGrains : IGrainPropertiesProvider
    {
        public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
        {
            if (grainClass.Namespace?.StartsWith("OrleansEdge.Grains", StringComparison.Ordinal) == true)
            {
                properties[WellKnownGrainTypeProperties.PlacementStrategy] = nameof(SpreadPlacement);
                properties[OursKey] = "true";
            }
        }
    }
}
