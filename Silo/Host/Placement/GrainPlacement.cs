using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using OrleansEdge.Silo.Placement.Game;

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
        silo.Services.AddSingleton<PlacementCandidates>();
        silo.Services.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        silo.Services.AddSingleton<ClusterLoads>();
        silo.Services.AddPlacementDirector<GameBasedPlacement, GamePlacementDirector>();
        silo.Services.AddSingleton<IGrainPropertiesProvider, PropertiesOfOurGrains>();
        silo.Services.AddHostedService<Handover>();
        silo.AddIncomingGrainCallFilter<ReplicaSeparation>();
        if (options.Placement == PlacementKind.Game)
        {
            silo.AddIncomingGrainCallFilter<RequestCounter>();
            silo.Services.AddSingleton<Rebalancer>();
            silo.Services.AddHostedService(provider => provider.GetRequiredService<Rebalancer>());
        }
        return silo;
    }

    /// <summary>
    /// Every grain class of ours is spread or placed by game; Orleans' default put idle grains on one silo.
    /// </summary>
    private sealed class PropertiesOfOurGrains(SiloOptions options) : IGrainPropertiesProvider
    {
        public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
        {
            if (grainClass.Namespace?.StartsWith("OrleansEdge.Grains", StringComparison.Ordinal) == true)
            {
                properties[WellKnownGrainTypeProperties.PlacementStrategy] =
                    options.Placement == PlacementKind.Game ? nameof(GameBasedPlacement) : nameof(SpreadPlacement);
                properties[OursKey] = "true";
            }
            else if (grainClass == typeof(PlacementLedger))
            {
                properties[WellKnownGrainTypeProperties.PlacementStrategy] = nameof(SpreadPlacement);
            }
        }
    }
}
