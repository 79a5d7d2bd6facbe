using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

public sealed class SoakCommandTests
{
    [Fact]
    public async Task Some_schedules_have_the_fields_of_the_contract()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run("soak", "training", "--schedules", "3", "--from", "9", "--format", "json");
        Assert.Equal((int)ExitCode.Success, run.ExitCode);
        Assert.Equal(3, run.Json.GetProperty("schedules").GetInt32());
        Assert.Equal(0, run.Json.GetProperty("violations").GetInt32());
        Assert.Equal(1, run.Json.GetProperty("compared").GetInt32()); // seed 10
        Assert.True(run.Json.GetProperty("faults").GetInt32() > 0);
        Assert.True(run.Json.GetProperty("schedulesPerCoreMinute").GetDouble() > 0);
        Assert.Contains("3 schedules", (await console.Run("soak", "training", "--schedules", "3")).Output);
    }

    [Fact]
    public async Task Stopped_before_the_last_schedule_it_says_how_many_there_were()
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(new CancellationToken(canceled: true), "soak", "training", "--format", "json");
        Assert.Equal((int)ExitCode.NotReached, run.ExitCode);
        Assert.Equal(0, run.Json.GetProperty("schedules").GetInt32());
        Assert.Contains("stopped after 0 schedules", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task The_help_says_what_the_exit_codes_mean()
    {
        using var console = new ConsoleHarness();
        Assert.Contains("70", (await console.Run("soak", "training", "--help")).Output);
    }
}
