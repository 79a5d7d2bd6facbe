using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansEdge.Mutate;

/// <summary>What the tests said of one mutation.</summary>
/// <param name="Verdict">"killed", "timed out", "survived" or "not covered".</param>
/// <param name="By">The first test that failed, or null.</param>
internal sealed record MutationResult(MutationSite Site, string Verdict, string? By);

/// <summary>The tests of one folder.</summary>
/// <param name="Covered">Numbers of the mutations that they come by.</param>
/// <param name="Duration">Of a run without a mutation.</param>
internal sealed record TestGroup(string Folder, HashSet<int> Covered, TimeSpan Duration);

/// <summary>Builds the tests of a tree and runs them.</summary>
internal sealed partial class TestSuite(string root)
{
    /// <summary>Builds; returns file (from the root) and line of each error.</summary>
    /// <exception cref="InvalidOperationException">The build failed and named no error.</exception>
    public List<(string Path, int Line)> Build()
    {
        var (code, output) = Run(
            "dotnet", ["build", "Tests", "-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false",
                "-p:GenerateDocumentationFile=false", "-clp:ErrorsOnly", "-v:q"],
            [], Timeout.InfiniteTimeSpan);
        var errors = ErrorLine().Matches(output)
            .Select(match => (Path.GetRelativePath(root, match.Groups[1].Value), int.Parse(match.Groups[2].Value)))
            .Distinct().ToList();
        return code == 0 || errors.Count > 0 ? errors : throw new InvalidOperationException("the build failed:\n" + output);
    }

    /// <summary>Runs all tests without a mutation, folder by folder, and tells which mutations they come by.</summary>
    /// <exception cref="InvalidOperationException">A test fails although nothing is mutated.</exception>
    public List<TestGroup> Baseline()
    {
        var trace = Path.Combine(root, "mutants-seen");
        var groups = new List<TestGroup>();
        foreach (var folder in Directory.GetDirectories(Path.Combine(root, "Tests")).Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal))
        {
            var started = Stopwatch.GetTimestamp();
            var (code, output) = Test(folder, [new("OE_MUTANT_TRACE", trace)], Timeout.InfiniteTimeSpan);
            if (code != 0)
            {
                throw new InvalidOperationException("tests fail without a mutation:\n" + output);
            }
            var files = Directory.GetFiles(root, "mutants-seen.*");
            groups.Add(new TestGroup(
                folder, [.. files.SelectMany(File.ReadLines).Select(int.Parse)], Stopwatch.GetElapsedTime(started)));
            Array.ForEach(files, File.Delete);
        }
        return groups;
    }

    /// <summary>Runs the tests that come by a mutation, the quick ones first, until one of them fails.</summary>
    public MutationResult Judge(MutationSite site, int number, List<TestGroup> groups)
    {
        var verdict = "not covered";
        foreach (var group in groups.Where(group => group.Covered.Contains(number)).OrderBy(group => group.Duration))
        {
            var limit = (3 * group.Duration) + TimeSpan.FromMinutes(1);
            var (code, output) = Test(group.Folder, [new(InstrumentedTree.Variable, number.ToString())], limit);
            if (code is null)
            {
                return new MutationResult(site, "timed out", null);
            }
            if (code != 0)
            {
                return new MutationResult(site, "killed", FailedTest().Match(output) is { Success: true } failed
                    ? failed.Groups[1].Value
                    : $"exit code {code}");
            }
            verdict = "survived";
        }
        return new MutationResult(site, verdict, null);
    }

    /// <summary>Without the commands of the documents, which take minutes and judge by exit codes.</summary>
    private (int? Code, string Output) Test(string folder, KeyValuePair<string, string>[] variables, TimeSpan limit) => Run(
        "dotnet",
        [
            Path.Combine("Tests", "bin", "Release", "net10.0", "OrleansEdge.Tests.dll"), "-namespace",
            $"OrleansEdge.Tests.{folder}*", "-class-", "OrleansEdge.Tests.Client.DocumentTests", "-stopOnFail", "-noColor",
        ],
        variables, limit);

    /// <returns>The exit code, null when it took longer than <paramref name="limit"/>; and what was printed.</returns>
    private (int? Code, string Output) Run(
        string file, string[] arguments, KeyValuePair<string, string>[] variables, TimeSpan limit)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (null, "");
        }
        return (process.ExitCode, output.Result + error.Result);
    }

    [GeneratedRegex(@"^\s*(/\S+?\.cs)\((\d+),\d+\): error", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^\s*(\S.*?) \[FAIL\]", RegexOptions.Multiline)]
    private static partial Regex FailedTest();
}
