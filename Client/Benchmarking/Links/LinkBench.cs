using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Measuring;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>What <see cref="LinkBench"/> measures.</summary>
internal sealed record LinkBenchOptions
{
    /// <summary>Bytes of a payload; those of the acceptance by default.</summary>
    public IReadOnlyList<int> PayloadBytes { get; init; } = [8 * 1024, 256 * 1024, 1024 * 1024];

    /// <summary>Calls that wait for an answer at a time.</summary>
    public IReadOnlyList<int> InFlight { get; init; } = [1, 16];

    /// <summary>Length of one measurement, 0.01 to 5; the response time-out of a silo is above it.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>
    /// Measurements of each kind, of which the median counts; 1 to 99. One more, before them, warms up.
    /// </summary>
    public int Rounds { get; init; } = 5;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        if (Seconds is not (>= 0.01 and <= 5))
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant($"Seconds is {Seconds}; expected 0.01 to 5"));
        }
        if (Rounds is not (>= 1 and <= 99))
        {
            throw OrleansEdgeException.Usage($"Rounds is {Rounds}; expected 1 to 99");
        }
    }
}

/// <summary>One kind of call, between grains and over a bare socket.</summary>
/// <param name="BetweenProcesses">
/// Whether the grains are in two processes; in one, there is no socket to compare with.
/// </param>
/// <param name="Grains">The median of the rounds by calls per second.</param>
/// <param name="Tcp">The same over a bare socket between two processes; null where grains are in one.</param>
internal sealed record LinkResult(
    LinkCall Call, int PayloadBytes, int InFlight, bool BetweenProcesses, LinkMeasurement Grains, LinkMeasurement? Tcp)
{
    /// <summary>Payload bytes per second.</summary>
    public double GrainBytesPerSecond => Grains.CallsPerSecond * PayloadBytes;

    public double? TcpBytesPerSecond => Tcp?.CallsPerSecond * PayloadBytes;

    /// <summary>Rate of the grains over that of the socket.</summary>
    public double? ShareOfTcp => Grains.CallsPerSecond / Tcp?.CallsPerSecond;
}

/// <summary>
/// Measures calls between grains and, in turn with them, the same bytes over a bare TCP socket, so that what else the
/// machine does meets both.
/// </summary>
internal static class LinkBench
{
    /// <param name="tcp">A bare socket to another process.</param>
    /// <param name="report">Told what is measured next.</param>
    public static async Task<IReadOnlyList<LinkResult>> Run(
        ProbePair probes, TcpLink tcp, LinkBenchOptions options, Action<string> report, CancellationToken stop)
    {
        options.Validate();
        var kinds = Kinds(options).ToArray();
        var rounds = kinds.Select(_ => new List<(LinkMeasurement Grains, LinkMeasurement? Tcp)>()).ToArray();
        for (var round = 0; round <= options.Rounds; round++)
        {
            report(round == 0 ? "warming up" : $"round {round} of {options.Rounds}");
            foreach (var (i, (trial, far)) in kinds.Index())
            {
                stop.ThrowIfCancellationRequested();
                var call = trial with { Target = far ? probes.Far : probes.Near };
                var grains = await probes.Caller.Measure(call).WaitAsync(stop);
                rounds[i].Add((grains, far ? tcp.Measure(call) : null));
            }
        }
        return
        [
            .. kinds.Select((kind, i) => new LinkResult(
                kind.Trial.Call, kind.Trial.PayloadBytes, kind.Trial.InFlight, kind.Far,
                Median(rounds[i].Skip(1).Select(round => round.Grains)),
                kind.Far ? Median(rounds[i].Skip(1).Select(round => round.Tcp!)) : null)),
        ];
    }

    private static IEnumerable<(LinkTrial Trial, bool Far)> Kinds(LinkBenchOptions options)
    {
        foreach (var far in (bool[])[false, true])
        {
            foreach (var inFlight in options.InFlight)
            {
                yield return (new LinkTrial("", LinkCall.Ping, 0, inFlight, options.Seconds), far);
            }
        }
        foreach (var bytes in options.PayloadBytes)
        {
            foreach (var call in (LinkCall[])[LinkCall.Push, LinkCall.Pull])
            {
                foreach (var inFlight in options.InFlight)
                {
                    yield return (new LinkTrial("", call, bytes, inFlight, options.Seconds), true);
                }
            }
        }
    }

    private static LinkMeasurement Median(IEnumerable<LinkMeasurement> rounds)
    {
        var sorted = rounds.OrderBy(round => round.CallsPerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }
}
