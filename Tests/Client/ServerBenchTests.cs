using OrleansEdge.Client.Benchmarking;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

public sealed class ServerBenchTests
{
    [Fact]
    public void Measures_every_part_of_a_shard()
    {
        var result = ServerBench.Run("logreg", workers: 20, 0.05, TimeSpan.FromMilliseconds(40), TimeProvider.System);
        Assert.Equal((7850, 20, 393), (result.Parameters, result.Workers, result.EntriesPerUpdate));
        Assert.InRange(result.BytesPerEntry, 3.5, 4.6);
        Assert.InRange(result.BytesPerEntryHalfPrecision, 1.5, 2.6);
        Assert.InRange(result.AdaCompMeanStaleness, 15, 25);
        Assert.True(result.AdaCompPushMicrosecondsP50 > 0);
        Assert.True(result.AdaCompPushMicrosecondsP99 >= result.AdaCompPushMicrosecondsP50);
        Assert.True(result.SelectionMicroseconds > 0);
        Assert.True(result.EncodingMicroseconds > 0 && result.DecodingMicroseconds > 0);
        Assert.True(result.PullGigabytesPerSecond > 0 && result.DensePushShareOfCopy > 0);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        IsRefused("workers is 0", () => Run("cnn", 0, 0.01));
        IsRefused("compression is 0", () => Run("cnn", 1, 0));
        IsRefused("compression is 1.5", () => Run("cnn", 1, 1.5));
        IsRefused("model 'gpt' is unknown", () => Run("gpt", 1, 0.01));
    }

    private static void Run(string model, int workers, double compression) =>
        ServerBench.Run(model, workers, compression, TimeSpan.Zero, TimeProvider.System);

    private static void IsRefused(string expected, Action run)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(run);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
