using System.Collections.Concurrent;
using Orleans;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>Asks every shard of a job ten times a second for its status, without waiting for the answers.</summary>
internal sealed class ShardWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<(int Shard, double Seconds)> _answers = [];
    private readonly int _shards;
    private readonly Task _loop;

    public ShardWatch(IGrainFactory grains, string job, int shards)
    {
        _shards = shards;
        _loop = Task.Run(() => Ask([.. Enumerable.Range(0, shards)
            .Select(shard => grains.GetGrain<IParameterShard>(GrainKeys.Shard(job, shard)))]));
    }

    /// <summary>The longest time in which a shard did not answer since <paramref name="start"/>, in seconds.</summary>
    public double LongestSilence(double start) => Enumerable.Range(0, _shards).Max(shard => Silence.Longest(
        start, _answers.Where(answer => answer.Shard == shard).Select(answer => answer.Seconds)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task Ask(IParameterShard[] shards)
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var (shard, index) in shards.Select((shard, index) => (shard, index)))
            {
                _ = Note(shard, index);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task Note(IParameterShard shard, int index)
    {
        try
        {
            if ((await shard.Status()).Configured)
            {
                _answers.Add((index, Silence.Now));
            }
        }
        catch (Exception)
        {
            // No answer is what is measured.
        }
    }
}
