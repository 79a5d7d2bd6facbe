namespace OrleansEdge.Tests.Client;

public class ScenarioTests
{
    [Theory]
    [InlineData("{\"workers\": 4,\n\"wrokers\": 5}", ":2: key 'wrokers' is unknown to 'adacomp'; did you mean 'workers'?")]
    [InlineData("{\"workers\": 0}", ":1: key 'workers' is 0; expected an integer from 1")]
    [InlineData("{\n\n\"workers\": \"many\"}", ":3: key 'workers' is \"many\"; expected an integer")]
    [InlineData("{\"workers\": true}", ":1: key 'workers' is true; expected an integer")]
    [InlineData("{\"workers\": [1, 2]}", ":1: key 'workers' is [1, 2]; expected an integer")]
    [InlineData("{\"workers\": null}", ":1: key 'workers' is null; expected an integer")]
    [InlineData("{\"quiet\": 1}", ":1: key 'quiet' is 1; expected true or false")]
    [InlineData("{\"scenario\": \"x.json\"}", ":1: key 'scenario' is unknown")]
    [InlineData("[1]", ":1: not an object")]
    [InlineData("", ":1: not JSON")]
    [InlineData("{\"workers\": 4,\n\"shards\": }", ":2: not JSON")]
    [InlineData("{\"workers\": 4", ":1: not JSON")]
    public async Task A_wrong_scenario_gets_file_line_key_and_expectation(string text, string expected)
    {
        using var console = new ConsoleHarness();
        var file = console.Write("s.json", text);
        var run = await console.Run("train", "adacomp", "--scenario", file);
        Assert.Equal(65, run.ExitCode);
        Assert.Contains(file + expected, Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_scenario_gives_values_and_the_command_line_wins()
    {
        using var console = new ConsoleHarness();
        var file = console.Write(
            "s.json",
            """
            {
              // comments and a trailing comma are fine
              "model": "logreg", "data": "synthetic:120x30", "workers": 3, "updates": 10, "half-values": true,
              "quiet": true, "format": "json", "seed": 7, "classes": "0.5:1,0.5:0.5", "rate": 0.05,
            }
            """);
        var run = await console.Run(
            "train", "adacomp", "--scenario", file, "--workers", "5", "--output", console.PathOf("run"));
        Assert.Equal("", run.Error);
        Assert.Equal(5, run.Json.GetProperty("workers").GetInt32());
        Assert.Equal(7u, run.Json.GetProperty("seed").GetUInt64());
        Assert.Equal(0.05, run.Json.GetProperty("learningRate").GetDouble());
        Assert.Equal(120, run.Json.GetProperty("trainExamples").GetInt32());
    }
}
