using System.Runtime.Intrinsics.X86;

namespace OrleansEdge.Tests.Recorded;

/// <summary>
/// A seed is an instance and a run for ever: results.txt holds what seeds gave when it was written. A change that is
/// meant to give other results writes it anew, in the same commit, so that whoever reads the change sees them:
/// <code>Tests/bin/Release/net10.0/OrleansEdge.Tests -explicit only -class OrleansEdge.Tests.Recorded.RecordedResultsTests</code>
/// </summary>
public sealed class RecordedResultsTests
{
    private const string Mark = "> ";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Recorded", "results.txt"));

    public static TheoryData<string> Runs =>
        [.. Lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..])];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_seed_gives_what_it_gave(string run)
    {
        Assert.SkipUnless(Fma.IsSupported, "recorded on a processor that multiplies and adds in one rounding");
        var recorded = Lines.SkipWhile(line => line != Mark + run).Skip(1)
            .TakeWhile(line => !line.StartsWith(Mark, StringComparison.Ordinal));
        Assert.Equal(recorded, await RecordedRun.Figures(run));
    }

    [Fact(Explicit = true)]
    public async Task Write_the_results_anew()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "OrleansEdge.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("OrleansEdge.sln");
        }
        var text = new List<string>();
        foreach (var run in Runs.Select(row => row.Data))
        {
            text.Add(Mark + run);
            text.AddRange(await RecordedRun.Figures(run));
        }
        await File.WriteAllLinesAsync(
            Path.Combine(root, "Tests", "Recorded", "results.txt"), text, TestContext.Current.CancellationToken);
    }
}
