using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Client;

/// <summary>The option --final-rate of oe train.</summary>
public class FinalRateTests
{
    [Fact]
    public async Task A_falling_rate_is_in_the_json_the_manifest_and_the_report()
    {
        using var console = new ConsoleHarness();
        var falling = await console.TrainTiny("falling", "--final-rate", "0.003");
        Assert.Equal(0, falling.ExitCode);
        Assert.Equal(0.1, falling.Json.GetProperty("learningRate").GetDouble());
        Assert.Equal(0.003, falling.Json.GetProperty("finalRate").GetDouble());
        Assert.Contains("\"finalRate\"", File.ReadAllText(console.PathOf("falling/manifest.json")));
        Assert.Contains("learning rate at the end", File.ReadAllText(console.PathOf("falling/report.html")));
        var staying = await console.TrainTiny("staying");
        Assert.NotEqual(
            staying.Json.GetProperty("finalLoss").GetDouble(), falling.Json.GetProperty("finalLoss").GetDouble());
    }

    [Fact]
    public async Task A_final_rate_that_is_the_rate_changes_nothing()
    {
        using var console = new ConsoleHarness();
        var with = await console.TrainTiny("with", "--final-rate", "0.1");
        var without = await console.TrainTiny("without");
        Assert.Equal(without.Json.GetProperty("traceHash").GetString(), with.Json.GetProperty("traceHash").GetString());
        Assert.Equal(
            File.ReadAllBytes(console.PathOf("without/model.safetensors")),
            File.ReadAllBytes(console.PathOf("with/model.safetensors")));
    }

    [Fact]
    public async Task The_line_goes_over_the_whole_run_however_many_boundaries_it_has()
    {
        var host = new Recorder();
        using var console = new ConsoleHarness { Training = host };
        await console.TrainTiny("run", "--final-rate", "0", "--boundary-every", "20");
        Assert.Equal([20, 40, 60], host.Jobs.Select(job => job.Updates));
        Assert.All(host.Jobs, job => Assert.Equal(new FinalRate(0, 60), job.FinalRate));
    }

    [Fact]
    public async Task A_resumed_run_goes_on_along_its_line_and_a_longer_one_stretches_it()
    {
        var host = new Recorder();
        using var console = new ConsoleHarness { Training = host };
        await console.TrainTiny("run", "--final-rate", "0.02");
        var resumed = await console.Run(
            "train", "adacomp", "--resume", console.PathOf("run"), "--updates", "90", "--final-rate", "0.02",
            "--format", "json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(0.02, resumed.Json.GetProperty("finalRate").GetDouble());
        Assert.Equal([new(0.02f, 60), new(0.02f, 90)], host.Jobs.Select(job => job.FinalRate!.Value));
        Assert.Equal(new FinalRate(0.02f, 90), CheckpointFile.Read(console.PathOf("run")).Plan.Job.FinalRate);
        var other = await console.Run(
            "train", "adacomp", "--resume", console.PathOf("run"), "--updates", "99", "--final-rate", "0");
        Assert.Equal(65, other.ExitCode);
        Assert.Contains("--final-rate is 0, but ", Assert.Single(other.ErrorLines));
    }

    /// <summary>The virtual-time cluster, with a list of what it was asked for.</summary>
    private sealed class Recorder : ITrainingHost
    {
        private readonly VirtualTimeHost _host = new(new DataCatalog([]));

        public List<TrainingJob> Jobs { get; } = [];

        public Task<TrainingOutcome> Run(
            TrainingRequest request, Action<TrainingProgress> progress, CancellationToken stop)
        {
            Jobs.Add(request.Job);
            return _host.Run(request, progress, stop);
        }
    }
}
