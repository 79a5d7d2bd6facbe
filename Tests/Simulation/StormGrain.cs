using Orleans;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

/// <summary>A busy device: a chain of turns that compute, call and store.</summary>
public interface IStorm : IGrainWithStringKey
{
    Task Begin(ulong seed);
}

public sealed class StormGrain(GrainKey key, IGrains grains, ITurns turns, IComputePool compute, TimeProvider time) : IStorm
{
    private RandomStream _random;

    public Task Begin(ulong seed)
    {
        _random = new RandomStream(seed, key.Value);
        turns.After(TimeSpan.Zero, Step);
        return Task.CompletedTask;
    }

    private async Task Step()
    {
        turns.After(TimeSpan.FromSeconds(_random.NextExponential(0.2)), Step);
        var size = _random.NextInt(3000);
        var sum = await compute.Run(() => Enumerable.Range(0, size).Sum(i => (long)i * i), size * 1e2);
        try
        {
            switch (_random.NextInt(4))
            {
                case 0:
                    await grains.Get<ICounter>($"{_random.NextInt(10)}").Add((int)sum & 15);
                    break;
                case 1:
                    await grains.Get<ICounter>($"{_random.NextInt(10)}").AddSlowly(1);
                    break;
                case 2:
                    await grains.Get<IKeeper>($"{_random.NextInt(5)}").Add($"{time.GetUtcNow().Ticks}");
                    break;
                default:
                    await grains.Get<IEcho>(key.Value).Send(new Note(key.Value, [size], new byte[size]));
                    break;
            }
        }
        catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException)
        {
            turns.After(TimeSpan.FromSeconds(0.1), () => Task.CompletedTask);
        }
    }
}
