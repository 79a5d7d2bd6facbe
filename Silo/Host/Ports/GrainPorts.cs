using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Timers;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Ports;

/// <summary>What a grain of OrleansEdge sees of its host, on Orleans.</summary>
public static class GrainPorts
{
    /// <summary>
    /// Registers the ports; <see cref="GrainKey"/> and <see cref="ITurns"/> belong to one activation.
    /// </summary>
    public static IServiceCollection AddGrainPorts(this IServiceCollection services, int computeThreads)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IGrains, OrleansGrains>();
        services.AddSingleton<IComputePool>(_ => new ThreadComputePool(computeThreads));
        services.AddScoped(provider => new GrainKey(Activation(provider).GrainId.Key.ToString()!));
        services.AddScoped<ITurns>(provider =>
            new TimerTurns(provider.GetRequiredService<ITimerRegistry>(), Activation(provider)));
        return services;
    }

    private static IGrainContext Activation(IServiceProvider provider) =>
        provider.GetRequiredService<IGrainContextAccessor>().GrainContext;
}

/// <summary>Grain references from Orleans' factory.</summary>
internal sealed class OrleansGrains(IGrainFactory factory) : IGrains
{
    public TGrain Get<TGrain>(string key) where TGrain : class, IGrainWithStringKey => factory.GetGrain<TGrain>(key);
}

/// <summary>
/// Later turns as one-shot grain timers. A timer ends with its activation; one that waits keeps the activation from
/// being collected as idle.
/// </summary>
internal sealed class TimerTurns(ITimerRegistry timers, IGrainContext activation) : ITurns
{
    public IDisposable After(TimeSpan delay, Func<Task> callback)
    {
        var turn = new Turn(callback);
        turn.Timer = timers.RegisterGrainTimer(activation, static (turn, _) => turn.Run(), turn, new()
        {
            DueTime = delay,
            Period = Timeout.InfiniteTimeSpan,
            KeepAlive = true,
        });
        return turn;
    }

    private sealed class Turn(Func<Task> callback) : IDisposable
    {
        private bool _over;

        public IGrainTimer? Timer { get; set; }

        public async Task Run()
        {
            if (_over)
            {
                return;
            }
            try
            {
                await callback();
            }
            finally
            {
                Dispose();
            }
        }

        public void Dispose()
        {
            _over = true;
            Timer?.Dispose();
        }
    }
}
