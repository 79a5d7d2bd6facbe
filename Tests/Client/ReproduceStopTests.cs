using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reproduction.Games;
using OrleansEdge.Client.Training;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Client;

/// <summary>A reproduction of games that is stopped has the look before, and says so.</summary>
public sealed class ReproduceStopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oe-tests-");

    [Fact]
    public async Task What_was_not_measured_to_the_end_holds_neither_yes_nor_no_and_the_files_say_why()
    {
        var run = await Reproduce(stopAt: 100, "--format", "json");

        Assert.Equal(75, run.ExitCode);
        Assert.Contains("stopped: the figures are of 10 of 1,000 runs", Assert.Single(run.ErrorLines),
            StringComparison.Ordinal);
        Assert.Equal((10, "stopped"), (
            run.Json.GetProperty("runs").GetInt32(), run.Json.GetProperty("exitReason").GetString()));
        Assert.False(Assert.Single(run.Json.GetProperty("claims").EnumerateArray()).TryGetProperty("holds", out var holds)
            && holds.ValueKind != System.Text.Json.JsonValueKind.Null);
        var table = File.ReadAllText(Path.Combine(_folder.FullName, "run", "table.md"));
        Assert.Contains("This run was stopped: the figures are of 10 of 1,000 runs", table, StringComparison.Ordinal);
        Assert.Contains("| runs | 1,000 | 10 | – |", table, StringComparison.Ordinal);
        Assert.Contains("stopped: the figures are of 10 of 1,000 runs",
            File.ReadAllText(Path.Combine(_folder.FullName, "run", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reproduction_that_ends_judges_its_statements()
    {
        var run = await Reproduce(stopAt: int.MaxValue, "--format", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True(Assert.Single(run.Json.GetProperty("claims").EnumerateArray()).GetProperty("holds").GetBoolean());
        Assert.DoesNotContain("stopped", File.ReadAllText(Path.Combine(_folder.FullName, "run", "table.md")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_over_all_looks_and_never_falls()
    {
        int[] looks = [1, 10, 100, 1000];
        var last = 0.0;
        for (var before = 0; before < looks.Length; before++)
        {
            foreach (var part in new[] { 0, 0.5, 1, 1.5 })
            {
                var share = GameReproduction.ShareOf(looks, before, part);
                Assert.InRange(share, last, (before + 1) / 4.0);
                last = share;
            }
        }
        Assert.Equal(1, last);
        Assert.Equal(double.NaN, GameReproduction.ShareOf(looks, 0, double.NaN));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<ConsoleRun> Reproduce(int stopAt, params string[] options)
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StringWriter(), new StringWriter());
        var environment = new ConsoleEnvironment
        {
            Output = output,
            Error = error,
            TraceFolder = _folder.FullName,
            Variable = _ => null,
            Data = new DataCatalog([]),
            Training = new VirtualTimeHost(new DataCatalog([])),
        };
        var (globals, root) = (new GlobalOptions(), new RootCommand());
        var reproduction = new Counted(runs =>
        {
            if (runs >= stopAt)
            {
                stop.Cancel();
            }
        });
        var command = new Command(reproduction.Name);
        foreach (var option in reproduction.Options)
        {
            command.Add(option);
        }
        root.Add(new CommandBinder(environment, globals).Bind(command, reproduction.Run));
        foreach (var option in globals.All)
        {
            root.Add(option);
        }
        var code = await root.Parse(
            ["counted", "--quiet", "--output", Path.Combine(_folder.FullName, "run"), .. options]).InvokeAsync(null, stop.Token);
        return new ConsoleRun(code, output.ToString(), error.ToString());
    }

    /// <summary>States how many runs there are.</summary>
    private sealed class Counted(Action<int> looking) : GameReproduction(1000, "none")
    {
        public override string Name => "counted";

        public override string Title => "Counted";

        public override string Description => "Runs are counted.";

        protected override GameFindings Find(GameScale scale)
        {
            looking(scale.Runs);
            var count = scale.ForEach(scale.Runs, i => 1).Sum();
            Claim[] claims = [new("runs", "1,000", $"{count}", count == 1000)];
            return new GameFindings(
                new ResultPage(Title, Description).Add(Claim.Table(scale, "Statements", claims)), [], claims, 0);
        }
    }
}
