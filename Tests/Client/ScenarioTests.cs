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
    [InlineData("", ":1: empty; expected one object")]
    [InlineData(" \n\n ", ":1: empty; expected one object")]
    [InlineData("\uFEFF", ":1: empty; expected one object")]
    [InlineData("{\"workers\": 4,\n\"workers\": 5}", ":2: key 'workers' stands in line 1 too; expected once")]
    [InlineData("{\"workers\": {\"a\": 1}}", ":1: key 'workers' is {\"a\": 1}; expected an integer")]
    [InlineData("{\"workers\": \"\\ud800\"}", ":1:2: half of a surrogate pair")]
    [InlineData("{\"\\udc00\": 1}", ":1:2: half of a surrogate pair")]
    [InlineData("{\"workers\": 4}\nrest", ":2:1: not JSON")]
    [InlineData("{\"workers\": 4} {}", ":1:16: not JSON")]
    [InlineData("{\"Workers\": 4}", ":1: key 'Workers' is unknown to 'adacomp'; did you mean 'workers'?")]
    [InlineData("{\"help\": true}", ":1: key 'help' is unknown")]
    [InlineData("{\"workers\": 4e0}", ":1: key 'workers' is 4e0; expected an integer")]
    [InlineData("{\"workers\": 4,\n\"shards\": }", ":2:11: not JSON")]
    [InlineData("{\"workers\": 4", ":1:14: not JSON")]
    public async Task A_wrong_scenario_gets_file_line_key_and_expectation(string text, string expected)
    {
        using var console = new ConsoleHarness();
        var file = console.Write("s.json", text);
        var run = await console.Run("train", "adacomp", "--scenario", file);
        Assert.Equal(65, run.ExitCode);
        Assert.Contains(file + expected, Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_get_file_line_and_column()
    {
        using var console = new ConsoleHarness();
        var file = console.PathOf("s.json");
        File.WriteAllBytes(file, [.. "{\n\"output\": \""u8, 0xff, 0xfe, .. "\"}"u8]);
        var run = await console.Run("play", "congestion", "--scenario", file);
        Assert.Equal(65, run.ExitCode);
        Assert.Contains($"{file}:2:12: byte 0xff is not UTF-8", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"workers\":", 100_000)]
    [InlineData(" ", 2_000_000)]
    public async Task Depth_and_length_without_end_get_one_line(string piece, int count)
    {
        using var console = new ConsoleHarness();
        var file = console.Write("s.json", string.Concat(Enumerable.Repeat(piece, count)));
        var run = await console.Run("train", "adacomp", "--scenario", file);
        Assert.Equal(65, run.ExitCode);
        Assert.InRange(Assert.Single(run.ErrorLines).Length, 1, 400);
    }

    [Theory]
    [InlineData("/dev/zero", 65)]
    [InlineData("/", 66)]
    public async Task A_scenario_that_is_no_file_gets_one_line(string path, int code)
    {
        Assert.SkipUnless(Path.Exists(path), path + " is absent");
        using var console = new ConsoleHarness();
        var run = await console.Run("train", "adacomp", "--scenario", path);
        Assert.Equal(code, run.ExitCode);
        Assert.Single(run.ErrorLines);
    }

    [Fact]
    public async Task A_byte_order_mark_and_numbers_as_texts_are_read()
    {
        using var console = new ConsoleHarness();
        var file = console.Write("s.json", "\uFEFF{\"players\": \"3\"}");
        var run = await console.Run(
            "play", "congestion", "--scenario", file, "--format", "json", "--output", console.PathOf("run"));
        Assert.Equal(3, run.Json.GetProperty("players").GetInt32());
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
