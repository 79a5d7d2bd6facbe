using Orleans.Runtime;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Tests.Training;

/// <summary>Two activations of a shard write to one record, which no virtual cluster lets happen.</summary>
public sealed class StoredShardTests
{
    [Fact]
    public async Task A_shard_does_not_overwrite_what_one_of_a_later_term_has_stored()
    {
        var (store, turns) = (new Store(), new Turns());
        var shard = new ParameterShardGrain(new GrainKey("job/shard/0"), new NoGrains(), turns, store);
        await shard.Configure(new ShardConfiguration(
            0, 0, 0, TrainingAlgorithms.Asgd, 0.1f, 1, Workers: 1, LastClock: 100, EvaluateEvery: 0, PersistEvery: 1,
            Evaluator: "nobody", Number(0), Replicas: 0));
        Assert.Equal(1, store.Writes);

        store.IsAway = true;
        Assert.Equal(PushVerdict.Applied, (await Push(shard)).Verdict);
        var other = store.Record! with { Term = 5 };
        (store.Record, store.IsAway) = (other, false);
        while (turns.Planned.TryDequeue(out var turn))
        {
            await turn();
        }
        Assert.Equal((1, other), (store.Writes, store.Record));

        // It takes up what the other has stored, in a term of its own.
        Assert.Equal(0, (await shard.Pull(0)).Clock);
        Assert.Equal(PushVerdict.Applied, (await Push(shard)).Verdict);
        Assert.Equal((2, 6L), (store.Writes, store.Record!.Term));
    }

    private static async Task<PushReply> Push(ParameterShardGrain shard) =>
        await shard.Push(new PushRequest(0, 1, (await shard.Pull(0)).Clock, Number(1)));

    /// <summary>A model of one parameter.</summary>
    private static Payload Number(float value) => new(PayloadFormat.DenseFloat32, 1, BitConverter.GetBytes(value));

    private sealed record Written(ShardConfiguration? Configuration, Payload? State, long Term, bool Closed);

    private sealed class Store : IPersistentState<StoredShard>
    {
        public Written? Record { get; set; }

        public bool IsAway { get; set; }

        public int Writes { get; private set; }

        public StoredShard State { get; set; } = new();

        public string Etag => $"{Writes}";

        public bool RecordExists => Record is not null;

        public Task ReadStateAsync()
        {
            State = Record is { } record
                ? new() { Configuration = record.Configuration, State = record.State, Term = record.Term, Closed = record.Closed }
                : new();
            return Task.CompletedTask;
        }

        public Task WriteStateAsync()
        {
            if (IsAway)
            {
                return Task.FromException(new IOException("the store is away"));
            }
            Record = new(State.Configuration, State.State, State.Term, State.Closed);
            Writes++;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync() => throw new NotSupportedException();
    }

    private sealed class Turns : ITurns
    {
        public Queue<Func<Task>> Planned { get; } = [];

        public IDisposable After(TimeSpan delay, Func<Task> callback)
        {
            Planned.Enqueue(callback);
            return new MemoryStream();
        }
    }

    private sealed class NoGrains : IGrains
    {
        public TGrain Get<TGrain>(string key) where TGrain : class, Orleans.IGrainWithStringKey =>
            throw new NotSupportedException(key);
    }
}
