using System.Net;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Measuring;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Tests.Cluster.Failures;

namespace OrleansEdge.Tests.Cluster;

/// <summary>
/// Messages above the limit, between processes: refused with their exit code, and nothing else is harmed.
/// </summary>
public sealed class MessageLimitTests(TwoSilos silos)
{
    private const int Small = 1024;

    [Fact]
    public async Task From_a_client_and_back()
    {
        await using var connection = await Open(new ClusterAddress
        {
            Gateways = [IPEndPoint.Parse(silos.Gateway)],
            ConnectionString = "",
            Schema = "",
            ClusterId = "edge",
            ServiceId = "orleans-edge",
            Tls = ("", "", ""),
        });
        var probe = connection.Grains.Get<ILinkProbe>("limit/0");
        var others = Pings(connection.Grains, "limit/1");
        await Refused("request", () => probe.Push(PayloadOf(Payload.MaximumBytes + 1)));
        await Refused("answer", () => probe.Pull(Payload.MaximumBytes));
        Assert.Equal(Small, await probe.Push(PayloadOf(Small)));
        await others;
    }

    [Fact]
    public async Task Between_silos_of_two_processes()
    {
        await using var cluster = await ThreeProcesses.Start();
        await using var connection = await Open(cluster.Address);
        var (near, far) = await OfTwoProcesses(connection.Grains);
        var probe = connection.Grains.Get<ILinkProbe>(near);
        var others = probe.Measure(new LinkTrial(far, LinkCall.Push, Small, InFlight: 8, Seconds: 1));
        await Refused("request", () => probe.Measure(Trial(LinkCall.Push, Payload.MaximumBytes)));
        await Refused("answer", () => probe.Measure(Trial(LinkCall.Pull, Payload.MaximumBytes)));
        Assert.True((await others).Calls > 0); // one failed call would have ended the measurement
        Assert.True((await probe.Measure(Trial(LinkCall.Pull, Small))).Calls > 0);

        LinkTrial Trial(LinkCall call, int bytes) => new(far, call, bytes, InFlight: 1, Seconds: 0.01);
    }

    private static Task<IClusterConnection> Open(ClusterAddress address) =>
        ClusterConnection.Open(address, TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task Refused(string what, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(call);
        Assert.Equal(ExitCode.Data, failure.ExitCode);
        Assert.Matches(
            $@"^the {what} of \S+ has \d+ bytes; at most {MessageSize.MaxBytes} are sent in one message$", failure.Message);
    }

    private static async Task Pings(IGrains grains, string key)
    {
        for (var i = 0; i < 100; i++)
        {
            await grains.Get<ILinkProbe>(key).Ping();
        }
    }

    private static async Task<(string Near, string Far)> OfTwoProcesses(IGrains grains)
    {
        var first = await grains.Get<ILinkProbe>("limit/0").Process();
        for (var i = 1; i < 100; i++)
        {
            if (await grains.Get<ILinkProbe>($"limit/{i}").Process() != first)
            {
                return ("limit/0", $"limit/{i}");
            }
        }
        throw new InvalidOperationException("all probes lie in one process");
    }

    private static Payload PayloadOf(int bytes) =>
        new(PayloadFormat.DenseFloat32, bytes / sizeof(float), new byte[bytes]);
}
