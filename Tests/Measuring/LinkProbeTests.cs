using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Measuring;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Measuring;
using OrleansEdge.Simulation;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Tests.Measuring;

/// <summary>Probes on a link of which everything is known: 10 ms each way, a megabyte a second.</summary>
public sealed class LinkProbeTests
{
    private static readonly VirtualClusterOptions Options = new()
    {
        Nodes = [new() { Name = "near" }, new() { Name = "far" }],
        Grains = new GrainClasses().Add<LinkProbe>(),
        Placement = new PinnedPlacement((_, key) => key),
        Network = new() { Links = [new LinkProfile { LatencySeconds = 0.01, BytesPerSecond = 1e6 }], EnvelopeBytes = 0 },
    };

    [Theory]
    [InlineData(LinkCall.Ping, 1, 0)]
    [InlineData(LinkCall.Ping, 4, 0)]
    [InlineData(LinkCall.Push, 1, 100_000)]
    [InlineData(LinkCall.Pull, 1, 100_000)]
    public void A_link_is_measured_as_it_is(LinkCall call, int inFlight, int bytes)
    {
        var measured = Measure(new LinkTrial("far", call, bytes, inFlight, Seconds: 1));
        var seconds = 0.02 + (bytes / 1e6);
        Assert.Equal(seconds, measured.MicrosecondsP50 * 1e-6, tolerance: 0.02 * seconds);
        Assert.Equal(seconds, measured.MicrosecondsP99 * 1e-6, tolerance: 0.02 * seconds);
        Assert.Equal(Math.Ceiling(1 / seconds) * inFlight, measured.Calls);
        Assert.InRange(measured.Seconds, 1, 1 + (1.02 * seconds));
        Assert.Equal(inFlight / seconds, measured.CallsPerSecond, tolerance: 0.02 * inFlight / seconds);
    }

    [Fact]
    public void A_trial_out_of_range_is_refused()
    {
        var trial = new LinkTrial("far", LinkCall.Push, PayloadBytes: 4, InFlight: 1, Seconds: 0.01);
        foreach (var (wrong, message) in (ReadOnlySpan<(LinkTrial, string)>)
        [
            (trial with { InFlight = 0 }, "InFlight is 0; expected 1 to 1024"),
            (trial with { InFlight = 1025 }, "InFlight is 1025; expected 1 to 1024"),
            (trial with { Seconds = 0 }, "Seconds is 0; expected above 0, at most 60"),
            (trial with { Seconds = 60.5 }, "Seconds is 60.5; expected above 0, at most 60"),
            (trial with { PayloadBytes = -1 }, $"PayloadBytes is -1; expected 0 to {Payload.MaximumBytes}"),
            (trial with { PayloadBytes = Payload.MaximumBytes + 1 },
                $"PayloadBytes is {Payload.MaximumBytes + 1}; expected 0 to {Payload.MaximumBytes}"),
        ])
        {
            var refused = Assert.Throws<OrleansEdgeException>(() => Measure(wrong));
            Assert.Equal((ExitCode.Usage, message), (refused.ExitCode, refused.Message));
        }
        Assert.Equal(1024, Measure(trial with { InFlight = 1024, PayloadBytes = 0 }).Calls);
        Assert.InRange(Measure(trial with { Seconds = 60 }).Seconds, 60, 60.1);
    }

    private static LinkMeasurement Measure(LinkTrial trial)
    {
        using var cluster = new VirtualCluster(Options with { Messages = new() { ResponseTimeout = TimeSpan.FromMinutes(5) } });
        return cluster.Run(grains => grains.Get<ILinkProbe>("near").Measure(trial));
    }
}
