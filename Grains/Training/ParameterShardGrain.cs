using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;
using PushVerdict = OrleansEdge.Grains.Interfaces.Training.PushVerdict;

namespace OrleansEdge.Grains.Training;

/// <summary>A <see cref="ParameterShard"/> behind messages: bounds, persistence, and slices for the evaluator.</summary>
public sealed class ParameterShardGrain(
    IGrains grains, ITurns turns, [PersistentState("shard", "training")] IPersistentState<StoredShard> stored)
    : IParameterShard
{
    private ShardConfiguration? _configuration;
    private ParameterShard? _shard;
    private bool _closed;

    public async Task Configure(ShardConfiguration configuration)
    {
        Restore();
        if (_configuration?.Epoch >= configuration.Epoch)
        {
            return;
        }
        if (configuration.State.Bytes.Length > Payload.MaximumBytes)
        {
            throw OrleansEdgeException.Usage(
                $"shard {configuration.Shard} has {configuration.State.Bytes.Length} bytes; expected at most " +
                $"{Payload.MaximumBytes}: use more shards");
        }
        _shard = Open(configuration, configuration.State);
        _configuration = configuration with { State = Payload.Empty };
        _closed = _shard.Clock >= configuration.LastClock;
        if (configuration.PersistEvery > 0)
        {
            await Persist(_shard);
        }
    }

    public Task<PullReply> Pull(int worker)
    {
        var shard = RequireShard();
        var clock = shard.Pull(worker);
        return Task.FromResult(new PullReply(clock, _closed, shard.LastSequence(worker), Payloads.Dense(shard.Values)));
    }

    public async Task<PushReply> Push(PushRequest request)
    {
        var shard = RequireShard();
        if (_closed)
        {
            return new PushReply(PushVerdict.Closed, shard.Clock);
        }
        if (request.PulledAt > shard.Clock)
        {
            return new PushReply(PushVerdict.UnknownPull, shard.Clock); // pulled before a restart that lost updates
        }
        var format = request.Update.Format == PayloadFormat.Sparse ? UpdateFormat.Sparse : UpdateFormat.DenseFloat32;
        var outcome = shard.Push(
            request.Worker, request.Sequence, request.PulledAt, format, request.Update.Bytes.Span);
        if (outcome.Verdict == Core.ParameterServer.PushVerdict.Applied)
        {
            await AfterUpdate(shard);
        }
        return new PushReply(Answer(outcome.Verdict), outcome.Clock);
    }

    public Task<ShardStatus> Status()
    {
        Restore();
        return Task.FromResult(_shard is not { } shard
            ? new ShardStatus(false, 0, false, 0, 0, 0, 0, [], [])
            : new ShardStatus(
                true, shard.Clock, _closed, shard.IngressBytes, shard.EgressBytes, shard.Staleness.Mean,
                shard.Staleness.Max, shard.Staleness.Histogram.ToArray(), shard.UpdatesByWorker.ToArray()));
    }

    public Task Close()
    {
        if (!_closed)
        {
            var shard = RequireShard();
            _closed = true;
            SendSlice(shard, final: true);
        }
        return Task.CompletedTask;
    }

    public Task<Payload> Export()
    {
        var shard = RequireShard();
        return Task.FromResult(new Payload(PayloadFormat.ShardState, shard.Range.Length, shard.Export()));
    }

    private static PushVerdict Answer(Core.ParameterServer.PushVerdict verdict) => verdict switch
    {
        Core.ParameterServer.PushVerdict.Applied => PushVerdict.Applied,
        Core.ParameterServer.PushVerdict.Duplicate => PushVerdict.Duplicate,
        _ => PushVerdict.UnknownPull,
    };

    private static ParameterShard Open(ShardConfiguration configuration, Payload state)
    {
        var options = ShardStates.Options(
            configuration.Start, state.ElementCount, configuration.Workers, configuration.Rule, configuration.LearningRate,
            configuration.ExpectedDensity);
        if (state.Format == PayloadFormat.ShardState)
        {
            return ParameterShard.Import(options, state.Bytes.Span);
        }
        var values = new float[state.ElementCount];
        DenseCodec.Decode(state.Bytes.Span, values);
        return new ParameterShard(options, values);
    }

    private async Task AfterUpdate(ParameterShard shard)
    {
        var configuration = _configuration!;
        _closed = shard.Clock >= configuration.LastClock;
        if (_closed || IsEvaluationDue(shard.Clock, configuration.EvaluateEvery))
        {
            SendSlice(shard, _closed);
        }
        if (configuration.PersistEvery > 0 && (_closed || shard.Clock % configuration.PersistEvery == 0))
        {
            await Persist(shard);
        }
    }

    private static bool IsEvaluationDue(long clock, long every) =>
        every > 0 && (clock % every == 0 || (clock < 10 * every && clock % Math.Max(every / 10, 1) == 0));

    private void SendSlice(ParameterShard shard, bool final)
    {
        var configuration = _configuration!;
        Send(configuration.Evaluator, new EvaluationSlice(
            configuration.Shard, shard.Clock, shard.IngressBytes, shard.EgressBytes, final,
            Payloads.Dense(shard.Values)));
    }

    /// <summary>Sends a slice without holding up the pushes; repeats it while the evaluator does not answer.</summary>
    private async void Send(string evaluator, EvaluationSlice slice, int attempt = 1)
    {
        try
        {
            await grains.Get<IEvaluator>(evaluator).Offer(slice);
        }
        catch (Exception) when (attempt < Backoff.MaximumAttempts)
        {
            turns.After(Backoff.After(attempt), () =>
            {
                Send(evaluator, slice, attempt + 1);
                return Task.CompletedTask;
            });
        }
        catch (Exception)
        {
            // Given up: the curve lacks a point. A lost final slice shows as a job that does not end, which its watch reports.
        }
    }

    private async Task Persist(ParameterShard shard)
    {
        stored.State = new StoredShard
        {
            Configuration = _configuration,
            State = new Payload(PayloadFormat.ShardState, shard.Range.Length, shard.Export()),
        };
        await stored.WriteStateAsync();
    }

    private ParameterShard RequireShard()
    {
        Restore();
        return _shard ?? throw new InvalidOperationException("the shard has not been configured");
    }

    /// <summary>Takes up the stored state on the first call of an activation.</summary>
    private void Restore()
    {
        if (_shard is null && stored.RecordExists && stored.State is { Configuration: { } configuration, State: { } state })
        {
            (_configuration, _shard) = (configuration, Open(configuration, state));
            _closed = _shard.Clock >= configuration.LastClock;
        }
    }
}

/// <summary>What a shard keeps in grain storage.</summary>
[GenerateSerializer, Alias("oe.stored-shard")]
public sealed class StoredShard
{
    [Id(0)] public ShardConfiguration? Configuration { get; set; }

    [Id(1)] public Payload? State { get; set; }
}
