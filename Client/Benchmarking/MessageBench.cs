using System.Diagnostics;
using System.Globalization;
using Orleans;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>What <see cref="MessageBench"/> measures.</summary>
public sealed record MessageBenchOptions
{
    /// <summary>Callers that each wait for an answer before they call again, 1 to 1,000,000.</summary>
    public int Callers { get; init; } = 64;

    /// <summary>Grains that are called in turn, 1 to 1,000,000.</summary>
    public int Grains { get; init; } = 1000;

    /// <summary>Calls that are measured, at least 1,000; a tenth as many warm up.</summary>
    public int Calls { get; init; } = 2_000_000;

    /// <summary>Activations whose memory is measured, 1 to 10,000,000.</summary>
    public int IdleGrains { get; init; } = 10_000;

    /// <summary>
    /// One-way latency of the network between the callers and the grains in virtual seconds, at least 0.
    /// </summary>
    public double LatencySeconds { get; init; }

    /// <exception cref="OrleansEdgeException">A value is out of its range.</exception>
    public void Validate()
    {
        Range(nameof(Callers), Callers, 1, 1_000_000);
        Range(nameof(Grains), Grains, 1, 1_000_000);
        Range(nameof(Calls), Calls, 1_000, int.MaxValue);
        Range(nameof(IdleGrains), IdleGrains, 1, 10_000_000);
    }

    private static void Range(string property, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw OrleansEdgeException.Usage(
                $"{nameof(MessageBenchOptions)}: {property} is {value}; expected {least} to {most}.");
        }
    }
}

/// <summary>What was measured. A call is a request and a reply: two messages.</summary>
/// <param name="CallsPerSecond">Calls of real time.</param>
/// <param name="MessagesPerSecond">Messages of real time.</param>
/// <param name="MessagesPerCoreSecond">
/// Messages per second of processor time: what an undisturbed core does, also when the machine is busy with other
/// things.
/// </param>
/// <param name="AllocatedBytesPerCall">Bytes allocated on the heap, those of caller and grain among them.</param>
/// <param name="NanosecondsPerCallP50">Median over batches of a thousandth of the calls.</param>
/// <param name="NanosecondsPerCallP95">95th percentile over batches.</param>
/// <param name="NanosecondsPerCallP99">99th percentile over batches.</param>
/// <param name="BytesPerIdleActivation">
/// Heap of a cluster with idle activations beyond an empty one's, per activation.
/// </param>
/// <param name="TraceHash">Of the measured run.</param>
public sealed record MessageBenchResult(
    int Callers,
    int Grains,
    long Calls,
    double CallsPerSecond,
    double MessagesPerSecond,
    double MessagesPerCoreSecond,
    double AllocatedBytesPerCall,
    double NanosecondsPerCallP50,
    double NanosecondsPerCallP95,
    double NanosecondsPerCallP99,
    double BytesPerIdleActivation,
    string TraceHash);

/// <summary>Measures how fast the virtual cluster carries small messages on one thread, in a closed loop.</summary>
public static class MessageBench
{
    private const int Batches = 1000;

    /// <exception cref="OrleansEdgeException">An option is out of its range.</exception>
    public static MessageBenchResult Run(
        MessageBenchOptions options, CancellationToken stop = default, Action<SolverProgress>? progress = null)
    {
        options.Validate();
        using var cluster = NewCluster(options);
        Drive(cluster, options, new Calls(options.Calls / 10, null, null, stop));
        var batches = new List<long>(Batches + 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (messages, start) = (cluster.MessageCount, Stopwatch.GetTimestamp());
        var processor = Environment.CpuUsage.TotalTime;
        var calls = Drive(cluster, options, new Calls(options.Calls, batches, progress, stop));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var coreSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        messages = cluster.MessageCount - messages;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var perCall = NanosecondsPerCall(batches, Math.Max(1, options.Calls / Batches));
        return new MessageBenchResult(
            options.Callers, options.Grains, calls, calls / seconds, messages / seconds, messages / coreSeconds,
            (double)allocated / calls, Percentile(perCall, 0.5), Percentile(perCall, 0.95), Percentile(perCall, 0.99),
            BytesPerIdleActivation(options, stop), cluster.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>Callers share the calls; each asks the grains in turn, one after the other.</summary>
    /// <returns>The calls that were made.</returns>
    private static int Drive(VirtualCluster cluster, MessageBenchOptions options, Calls calls)
    {
        cluster.Run(async grains =>
        {
            var targets = Enumerable.Range(0, options.Grains).Select(i => grains.Get<IPing>($"ping/{i}")).ToArray();
            await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(i => Call(targets, i, calls)));
        });
        return calls.Taken;
    }

    private static async Task Call(IPing[] targets, int first, Calls calls)
    {
        var target = first % targets.Length;
        while (calls.TakeOne())
        {
            await targets[target].Ping(first);
            target = target + 1 == targets.Length ? 0 : target + 1;
        }
    }

    private static VirtualCluster NewCluster(MessageBenchOptions options) => new(new VirtualClusterOptions
    {
        Grains = new GrainClasses().Add<PingGrain>(),
        Network = new NetworkOptions { DefaultLink = new LinkProfile { LatencySeconds = options.LatencySeconds } },
        DegreeOfParallelism = 1,
    });

    private static double BytesPerIdleActivation(MessageBenchOptions options, CancellationToken stop)
    {
        using var cluster = NewCluster(options);
        cluster.Run(grains => grains.Get<IPing>("warm").Ping(0), CancellationToken.None);
        var before = GC.GetTotalMemory(true);
        var made = 0;
        cluster.Run(async grains =>
        {
            for (; made < options.IdleGrains && !stop.IsCancellationRequested; made++)
            {
                var i = made;
                await grains.Get<IPing>($"idle/{i}").Ping(i);
            }
        }, CancellationToken.None);
        var after = GC.GetTotalMemory(true);
        GC.KeepAlive(cluster);
        return (double)(after - before) / made;
    }

    private static double[] NanosecondsPerCall(List<long> batches, int callsPerBatch)
    {
        var perCall = new double[Math.Max(0, batches.Count - 1)];
        for (var i = 0; i < perCall.Length; i++)
        {
            perCall[i] = Stopwatch.GetElapsedTime(batches[i], batches[i + 1]).TotalNanoseconds / callsPerBatch;
        }
        Array.Sort(perCall);
        return perCall;
    }

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    /// <summary>Hands out calls until all are made or it is stopped.</summary>
    private sealed class Calls(int count, List<long>? batches, Action<SolverProgress>? progress, CancellationToken stop)
    {
        private readonly int _batch = Math.Max(1, count / Batches);

        public int Taken { get; private set; }

        public bool TakeOne()
        {
            if (Taken == count || stop.IsCancellationRequested)
            {
                return false;
            }
            if (batches is not null && Taken % _batch == 0)
            {
                batches.Add(Stopwatch.GetTimestamp());
                progress?.Invoke(new SolverProgress((double)Taken / count, "calls"));
            }
            Taken++;
            return true;
        }
    }
}

/// <summary>The grain of the benchmark.</summary>
[Alias("oe.bench.ping")]
internal interface IPing : IGrainWithStringKey
{
    [Alias("ping")]
    Task<int> Ping(int number);
}

internal sealed class PingGrain(GrainKey key) : IPing
{
    private int _calls = key.Value.Length;

    public Task<int> Ping(int number) => Task.FromResult(_calls++);
}
