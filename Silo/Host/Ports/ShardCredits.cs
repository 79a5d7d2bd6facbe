using System.Collections.Concurrent;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Silo.Ports;

/// <summary>
/// Bounds what this silo has under way with each shard: pushes, and answers to pulls, of which each is expected to be as
/// large as the one before. Orleans' own queues between silos have no bound, and a slow link would gather all that the
/// workers send.
/// </summary>
/// <remarks>
/// What a shard calls in turn, its replica and evaluator, takes no credit: with it, two silos could wait for each other.
/// </remarks>
internal sealed class ShardCredits : IOutgoingGrainCallFilter
{
    /// <summary>Bytes under way with one shard: 32 payloads of usual size.</summary>
    public const long BytesPerShard = 32 * 1024 * 1024;

    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<GrainId, Shard> _shards = new();

    public Task Invoke(IOutgoingGrainCallContext context) => context.Request.GetInterfaceType() == typeof(IParameterShard)
        ? InvokeWithCredit(context)
        : context.Invoke();

    private async Task InvokeWithCredit(IOutgoingGrainCallContext context)
    {
        if (_shards.Count > MostRemembered)
        {
            _shards.Clear(); // of jobs that have ended, mostly
        }
        var shard = _shards.GetOrAdd(context.TargetId, static _ => new Shard());
        var method = context.MethodName;
        var bytes = MessageSizeGuard.OfRequest(context.Request) + shard.Answers.GetValueOrDefault(method);
        await shard.Credit.Take(bytes);
        try
        {
            await context.Invoke();
        }
        finally
        {
            shard.Credit.Return(bytes);
        }
        shard.Answers[method] = MessageSize.Estimate(context.Result);
    }

    private sealed class Shard
    {
        public ByteCredit Credit { get; } = new(BytesPerShard);

        /// <summary>Bytes of the last answer by method.</summary>
        public ConcurrentDictionary<string, long> Answers { get; } = new();
    }
}
