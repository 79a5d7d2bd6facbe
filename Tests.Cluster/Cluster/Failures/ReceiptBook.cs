using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Orleans;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>
/// Workers outside the cluster that keep a receipt of every acknowledged push. Each push lowers every parameter by -1
/// under plain gradient descent of rate 1, so that a shard's values count the pushes that it has applied.
/// </summary>
internal sealed class ReceiptBook(
    IGrainFactory grains, string job, int shards, int workers, int replicas = 1, double pauseSeconds = 0.05) : IAsyncDisposable
{
    private const int ParametersPerShard = 1000;

    private static readonly Payload Update = Dense(-1);

    private readonly CancellationTokenSource _stop = new();
    private readonly long[,] _receipts = new long[shards, workers];
    private readonly ConcurrentBag<(int Shard, double Seconds)> _times = [];
    private Task[] _loops = [];

    /// <summary>Acknowledged pushes so far.</summary>
    public long Count => _receipts.Cast<long>().Sum();

    /// <summary>Acknowledged pushes of the shard that has acknowledged fewest since <paramref name="start"/>.</summary>
    public int FewestSince(double start) =>
        Enumerable.Range(0, shards).Min(shard => _times.Count(time => time.Shard == shard && time.Seconds > start));

    /// <summary>Sets up the shards and lets the workers run.</summary>
    public async Task Start()
    {
        for (var shard = 0; shard < shards; shard++)
        {
            var configuration = new ShardConfiguration(
                0, shard, shard * ParametersPerShard, "sgd", 1, 1, workers, long.MaxValue, 0, 200, $"{job}/evaluator", Dense(0),
                replicas);
            await Repeat(async () =>
            {
                await Shard(configuration.Shard).Configure(configuration);
                return true;
            });
        }
        _loops = [.. Enumerable.Range(0, shards * workers).Select(i => Task.Run(() => Push(i / workers, i % workers)))];
    }

    /// <summary>Lets the workers finish what they have begun, and compares their receipts with the shards.</summary>
    public async Task RequireExact()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        for (var shard = 0; shard < shards; shard++)
        {
            var receipts = Receipts(shard);
            var status = await Repeat(() => Shard(shard).Status());
            Assert.Equal(receipts, status.UpdatesByWorker);
            Assert.Equal(receipts.Sum(), status.Clock);
            var values = (await Repeat(() => Shard(shard).Pull(0))).Values.Bytes;
            Assert.All(
                MemoryMarshal.Cast<byte, float>(values.Span).ToArray(), value => Assert.Equal(receipts.Sum(), value));
        }
    }

    /// <summary>Every acknowledged push is among those that the shards count.</summary>
    public async Task RequireNothingLost(string after)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            var receipts = Receipts(shard);
            var status = await Repeat(() => Shard(shard).Status());
            var lost = receipts.Zip(status.UpdatesByWorker, (mine, theirs) => Math.Max(mine - theirs, 0)).Sum();
            Assert.True(
                lost == 0, $"shard {shard} has lost {lost} of {receipts.Sum()} acknowledged pushes after {after}");
        }
    }

    /// <summary>The longest time without a receipt of one shard since <paramref name="start"/>, in seconds.</summary>
    public double LongestPause(double start) => Enumerable.Range(0, shards).Max(shard => Silence.Longest(
        start, _times.Where(time => time.Shard == shard).Select(time => time.Seconds)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private long[] Receipts(int shard) => [.. Enumerable.Range(0, workers).Select(worker => _receipts[shard, worker])];

    private IParameterShard Shard(int shard) => grains.GetGrain<IParameterShard>(GrainKeys.Shard(job, shard));

    private async Task Push(int shard, int worker)
    {
        for (var sequence = 1L; !_stop.IsCancellationRequested; sequence++)
        {
            var pull = await Repeat(() => Shard(shard).Pull(worker));
            var push = new PushRequest(worker, sequence, pull.Clock, Update);
            var reply = await Repeat(() => Shard(shard).Push(push));
            if (reply.Verdict is PushVerdict.Applied or PushVerdict.Duplicate) // a duplicate's first receipt got lost
            {
                _receipts[shard, worker]++;
                _times.Add((shard, Silence.Now));
            }
            await Task.Delay(TimeSpan.FromSeconds(pauseSeconds));
        }
    }

    /// <summary>Asks until there is an answer: what a lost answer had said is not known otherwise.</summary>
    private static async Task<T> Repeat<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is not OrleansEdgeException && attempt < 200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static Payload Dense(float value)
    {
        var values = new float[ParametersPerShard];
        values.AsSpan().Fill(value);
        return new Payload(PayloadFormat.DenseFloat32, values.Length, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
