using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Silo.Placement.Game;

namespace OrleansEdge.Silo.Placement;

/// <summary>
/// The activations of our grains on this silo; makes those that are <see cref="IMovable"/> take their memory along.
/// </summary>
internal sealed class LocalActivations : IConfigureGrainContextProvider, IConfigureGrainContext
{
    private readonly ConcurrentDictionary<GrainId, IGrainContext> _activations = new();

    public ICollection<IGrainContext> All => _activations.Values;

    public IGrainContext? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    public bool Contains(GrainId grain) => _activations.ContainsKey(grain);

    public bool TryGetConfigurator(
        GrainType grainType, GrainProperties properties, [NotNullWhen(true)] out IConfigureGrainContext? configurator)
    {
        configurator = properties.Properties.ContainsKey(GrainPlacement.OursKey) ? this : null;
        return configurator is not null;
    }

    public void Configure(IGrainContext context)
    {
        _activations[context.GrainId] = context;
        context.SetComponent(new ActivationLoad());
        context.ObservableLifecycle.AddMigrationParticipant(new Luggage(context));
        context.Deactivated.ContinueWith(
            _ => _activations.TryRemove(KeyValuePair.Create(context.GrainId, context)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private sealed class Luggage(IGrainContext context) : IGrainMigrationParticipant
    {
        private const string Key = "oe.memory";
        private const string LoadKey = "oe.load";

        public void OnDehydrate(IDehydrationContext dehydrationContext)
        {
            if ((context.GrainInstance as IMovable)?.Pack() is { } packed)
            {
                dehydrationContext.TryAddValue(Key, packed);
            }
            if (context.GetComponent<ActivationLoad>() is { PerSecond: var load } && !double.IsNaN(load))
            {
                dehydrationContext.TryAddValue(LoadKey, load);
            }
        }

        public void OnRehydrate(IRehydrationContext rehydrationContext)
        {
            if (context.GrainInstance is IMovable movable && rehydrationContext.TryGetValue<object>(Key, out var packed)
                && packed is not null)
            {
                movable.Unpack(packed);
            }
            if (rehydrationContext.TryGetValue<double>(LoadKey, out var load)
                && context.GetComponent<ActivationLoad>() is { } here)
            {
                here.PerSecond = load;
            }
        }
    }
}
