using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Core.ParameterServer.UpdateRules;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>What <see cref="ServerBench"/> measured, on one thread and one shard of all parameters.</summary>
/// <param name="Compression">Share of each block's gradient entries that an update has.</param>
/// <param name="EntriesPerUpdate">Entries of one update.</param>
/// <param name="BytesPerEntry">Encoded bytes of an entry with single-precision values, headers included.</param>
/// <param name="BytesPerEntryHalfPrecision">The same with 16-bit values.</param>
/// <param name="SelectionMicroseconds">Median time to select the entries of one gradient.</param>
/// <param name="EncodingMicroseconds">Median time to encode one update.</param>
/// <param name="DecodingMicroseconds">Median time to decode one update.</param>
/// <param name="AdaCompPushMicrosecondsP50">Median time of an AdaComp push, decoding included.</param>
/// <param name="AdaCompPushMicrosecondsP99">99th percentile.</param>
/// <param name="AdaCompMeanStaleness">Updates between pull and push, on average.</param>
/// <param name="AdaCompHistoryMebibytes">Memory of the per-parameter staleness at the end.</param>
/// <param name="CopyGigabytesPerSecond">A plain copy of the parameters, in bytes copied.</param>
/// <param name="PullGigabytesPerSecond">Pulls, in payload bytes.</param>
/// <param name="DensePushGigabytesPerSecond">Dense ASGD pushes, in payload bytes.</param>
/// <param name="DensePushShareOfCopy">The last as a share of the plain copy.</param>
public sealed record ServerBenchResult(
    string Model, int Parameters, int Workers, double Compression, int EntriesPerUpdate, double BytesPerEntry,
    double BytesPerEntryHalfPrecision, double SelectionMicroseconds, double EncodingMicroseconds,
    double DecodingMicroseconds, double AdaCompPushMicrosecondsP50, double AdaCompPushMicrosecondsP99,
    double AdaCompMeanStaleness, double AdaCompHistoryMebibytes, double CopyGigabytesPerSecond,
    double PullGigabytesPerSecond, double DensePushGigabytesPerSecond, double DensePushShareOfCopy);

/// <summary>
/// Measures a parameter shard in a closed loop, with gradients of the model as they occur in training on drawn digits.
/// </summary>
public static class ServerBench
{
    /// <summary>Measures each part for a quarter of the duration, after warming it up.</summary>
    /// <param name="model">A name of <see cref="ModelCatalog"/>.</param>
    /// <param name="workers">Workers that hold a pull, at least 1: the staleness is about their number.</param>
    /// <param name="compression">Share of each block's gradient entries that is pushed, in (0, 1].</param>
    /// <param name="duration">Of all measured parts together.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Ends each part after one turn.</param>
    /// <exception cref="OrleansEdgeException">The model is unknown or a number is out of its range (64).</exception>
    public static ServerBenchResult Run(
        string model, int workers, double compression, TimeSpan duration, TimeProvider clock, ulong seed = 1,
        Action<SolverProgress>? progress = null, CancellationToken stop = default)
    {
        if (workers < 1)
        {
            throw OrleansEdgeException.Usage($"bench server: workers is {workers}; expected at least 1");
        }
        var network = ModelCatalog.Create(model);
        var selector = new GradientSelector(network.ParameterBlocks, compression);
        var range = new KeyRange(0, network.ParameterCount);
        var (parameters, gradients) = TrainingGradients.Of(network, count: 64, seed, stop);
        var updates = Array.ConvertAll(gradients, gradient => Selected(selector, gradient));
        var encoded = Array.ConvertAll(
            updates, update => SparseUpdateCodec.Encode(range, update, ValuePrecision.Float32));
        var half = Array.ConvertAll(
            updates, update => SparseUpdateCodec.Encode(range, update, ValuePrecision.BFloat16));
        var entries = updates.Length * (double)selector.SelectedCount;

        var timer = new BenchTimer(clock, duration / 4, stop);
        var shard = new ParameterShard(Options(range, UpdateRule.AdaComp, workers), parameters);
        progress?.Invoke(new SolverProgress(0.1, "pushes"));
        var push = AdaCompPushes(timer, shard, workers, encoded, seed);
        progress?.Invoke(new SolverProgress(0.4, "encoding"));
        var (selection, encoding, decoding) = Codec(timer, range, selector, gradients, updates, encoded);
        progress?.Invoke(new SolverProgress(0.7, "pulls and dense pushes"));
        var (copy, pull, dense) = Dense(timer, range, parameters, gradients);
        return new(
            model, range.Length, workers, compression, selector.SelectedCount, encoded.Sum(Length) / entries,
            half.Sum(Length) / entries, selection, encoding, decoding, BenchTimer.Percentile(push, 0.5),
            BenchTimer.Percentile(push, 0.99), shard.Staleness.Mean, shard.RuleMemoryBytes / (1024.0 * 1024.0),
            copy, pull, dense, dense / copy);
    }

    private static double[] AdaCompPushes(
        BenchTimer timer, ParameterShard shard, int workers, byte[][] encoded, ulong seed)
    {
        var random = new RandomStream(seed, "bench-server-order");
        var (pulledAt, sequences) = (new long[workers], new long[workers]);
        for (var worker = 0; worker < workers; worker++)
        {
            pulledAt[worker] = shard.Pull(worker);
        }
        var pushes = 0;
        var next = 0;
        void Push() => shard.Push(
            next, ++sequences[next], pulledAt[next], UpdateFormat.Sparse, encoded[pushes++ % encoded.Length]);
        void PullAgain()
        {
            pulledAt[next] = shard.Pull(next);
            next = random.NextInt(workers);
        }
        return timer.Measure([Push], PullAgain, warmUpCalls: 5000 + (20 * workers))[0];
    }

    private static (double Selection, double Encoding, double Decoding) Codec(
        BenchTimer timer, KeyRange range, GradientSelector selector, float[][] gradients, SparseUpdate[] updates,
        byte[][] encoded)
    {
        var (selection, decoded) = (new SparseUpdate(), new SparseUpdate());
        var bytes = new byte[SparseUpdateCodec.MaxEncodedLength(selector.SelectedCount, range)];
        var i = 0;
        var times = timer.Measure(
            [
                () => selector.Select(gradients[i], selection),
                () => SparseUpdateCodec.Encode(range, updates[i], ValuePrecision.Float32, bytes),
                () => SparseUpdateCodec.Decode(encoded[i], range, decoded),
            ],
            () => i = (i + 1) % 8); // as few as stay in a cache: a worker has just computed its gradient
        return (
            BenchTimer.Percentile(times[0], 0.5), BenchTimer.Percentile(times[1], 0.5),
            BenchTimer.Percentile(times[2], 0.5));
    }

    // Gigabytes per second: bytes per microsecond times 1e-3.
    private static (double Copy, double Pull, double Push) Dense(
        BenchTimer timer, KeyRange range, float[] parameters, float[][] gradients)
    {
        var shard = new ParameterShard(Options(range, UpdateRule.Asgd, workers: 1), parameters);
        var payloads = gradients.Take(2).Select(gradient =>
        {
            var payload = new byte[shard.ValuesLength];
            DenseCodec.Encode(gradient, payload);
            return payload;
        }).ToArray();
        var target = new byte[shard.ValuesLength];
        var (sequence, pulledAt) = (0L, shard.Pull(0));
        var times = timer.Measure(
            [
                () => payloads[sequence % 2].AsSpan().CopyTo(target),
                () =>
                {
                    pulledAt = shard.Pull(0);
                    shard.CopyValues(target);
                },
                () => shard.Push(0, ++sequence, pulledAt, UpdateFormat.DenseFloat32, payloads[sequence % 2]),
            ],
            () => { });
        double GigabytesPerSecond(double[] microseconds) =>
            shard.ValuesLength / BenchTimer.Percentile(microseconds, 0.5) * 1e-3;
        return (GigabytesPerSecond(times[0]), GigabytesPerSecond(times[1]), GigabytesPerSecond(times[2]));
    }

    private static SparseUpdate Selected(GradientSelector selector, float[] gradient)
    {
        var update = new SparseUpdate();
        selector.Select(gradient, update);
        return update;
    }

    private static double Length(byte[] bytes) => bytes.Length;

    // A rate so small that the parameters hardly move: the same gradients come again and again.
    private static ParameterShardOptions Options(KeyRange range, string rule, int workers) => new()
    {
        Range = range,
        Rule = rule,
        Workers = workers,
        LearningRate = 1e-6f,
    };
}
