using OrleansEdge.Client.Benchmarking.Links;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Measuring;

namespace OrleansEdge.Tests.Client;

public sealed class BenchClusterTests
{
    [Theory]
    [InlineData(LinkCall.Ping, 0, 1)]
    [InlineData(LinkCall.Push, 8192, 1)]
    [InlineData(LinkCall.Push, 1 << 20, 16)]
    [InlineData(LinkCall.Pull, 1 << 20, 16)]
    public async Task Every_call_over_the_bare_socket_is_answered(LinkCall call, int bytes, int inFlight)
    {
        using var answerer = new TcpAnswerer();
        var serving = Task.Run(answerer.Serve, TestContext.Current.CancellationToken);
        using (var link = new TcpLink(answerer.Port, TimeProvider.System))
        {
            var measured = link.Measure(new LinkTrial("", call, bytes, inFlight, 0.01));
            Assert.True(measured.Calls >= 1);
            Assert.True(measured.CallsPerSecond > 0 && measured.MicrosecondsP50 <= measured.MicrosecondsP99);
            Assert.True(link.Measure(new LinkTrial("", LinkCall.Ping, 0, 1, 0.01)).Calls >= 1); // nothing is left on the wire
        }
        await serving;
    }

    [Theory]
    [InlineData(0, 1, "Seconds is 0; expected 0.01 to 5")]
    [InlineData(9, 1, "Seconds is 9; expected 0.01 to 5")]
    [InlineData(1, 0, "Rounds is 0; expected 1 to 99")]
    public void Numbers_out_of_range_are_refused(double seconds, int rounds, string line)
    {
        var options = new LinkBenchOptions { Seconds = seconds, Rounds = rounds };
        Assert.Equal(line, Assert.Throws<OrleansEdgeException>(options.Validate).Message);
    }

    [Fact]
    public void The_page_has_rates_in_bytes_and_the_share_of_the_socket()
    {
        var (grains, tcp) = (new LinkMeasurement(1000, 1, 500, 2500), new LinkMeasurement(1600, 1, 40, 80));
        var page = LinkTable.Page(
            [
                new(LinkCall.Ping, 0, 16, false, grains, null),
                new(LinkCall.Pull, 1 << 20, 1, true, grains, tcp),
            ],
            new LinkBenchOptions(), "Two silos", "oe bench cluster");
        Assert.Contains(
            "| ping, one process | 16 | 1,000/s | 500 µs | 2.50 ms | – | – | – | – |", page, StringComparison.Ordinal);
        Assert.Contains(
            "| pull 1 MiB | 1 | 1.05 GB/s | 500 µs | 2.50 ms | 1.68 GB/s | 40 µs | 80 µs | 62 % |", page, StringComparison.Ordinal);
        Assert.Contains("Two silos. 5 rounds of 1 s each", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Orleans_the_console_says_what_is_missing()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("bench", "cluster", "--silo", "/nowhere/oe-silo");
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        Assert.Single(run.ErrorLines);
        Assert.Matches("(no Orleans client|'/nowhere/oe-silo' cannot be started)", run.Error);
    }

    [Fact]
    public async Task A_payload_above_the_limit_of_messages_is_refused()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("bench", "cluster", "--payload-bytes", "9000000");
        Assert.Equal((int)ExitCode.Usage, run.ExitCode);
        Assert.Equal("oe: --payload-bytes is 9000000; expected an integer from 0 to 8387584", run.ErrorLines.Single());
    }
}
