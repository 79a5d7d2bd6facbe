using System.Diagnostics;
using System.Globalization;
using OrleansEdge.Mutate;

// Draws mutations of Core, Grains and Simulation by a seed and tells which of them the tests notice.
//   dotnet run -c Release --project eng/Mutate -- [SEED] [COUNT] > mutants.md
// Works on a copy of what is committed; progress goes to stderr.
var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40;
string[] projects = ["Core", "Grains", "Simulation"];

var commit = Git("rev-parse", "--short", "HEAD").Trim();
var folder = Directory.CreateTempSubdirectory("oe-mutate-").FullName;
Git("worktree", "add", "--detach", "--force", folder, "HEAD");
try
{
    var tree = new InstrumentedTree(folder);
    var sites = tree.Sites(projects);
    var draw = Draw(sites, projects, new Random(seed));
    var drawn = draw.Take(count).ToList();
    var next = count;
    var suite = new TestSuite(folder);
    while (true)
    {
        tree.Write(drawn);
        var errors = suite.Build();
        if (errors.Count == 0)
        {
            break;
        }
        // Syntax alone cannot tell that these do not compile: the next ones take their place. One of a file at a time,
        // since one mutation may have several errors.
        foreach (var (path, line) in errors.DistinctBy(error => error.Path))
        {
            var wrong = drawn.Where(site => site.Path == path).MinBy(site => Math.Abs(site.Line - line))
                ?? throw new InvalidOperationException($"{path}({line}) does not compile");
            Console.Error.WriteLine($"does not compile: {wrong.Path}:{wrong.Line} {wrong.Replacement}");
            drawn[drawn.IndexOf(wrong)] = draw[next++];
        }
    }
    var groups = suite.Baseline();
    Console.Error.WriteLine(FormattableString.Invariant(
        $"{sites.Count} sites; tests take {groups.Sum(group => group.Duration.TotalSeconds):f0} s"));
    var results = new List<MutationResult>();
    foreach (var (site, number) in drawn.Select((site, number) => (site, number)))
    {
        var result = suite.Judge(site, number, groups);
        results.Add(result);
        Console.Error.WriteLine($"{results.Count}/{count} {result.Verdict}: {site.Path}:{site.Line} {site.Replacement}");
    }
    Print(results, sites.Count);
}
finally
{
    Git("worktree", "remove", "--force", folder);
}

// The projects in turn, so that the small ones are drawn as often as the large one; within a project each site alike.
static List<MutationSite> Draw(List<MutationSite> sites, string[] projects, Random random)
{
    var byProject = projects.Select(project =>
    {
        var own = sites.Where(site => site.Path.StartsWith(project + Path.DirectorySeparatorChar)).ToArray();
        random.Shuffle(own);
        return own;
    }).ToArray();
    return [.. Enumerable.Range(0, byProject.Max(own => own.Length))
        .SelectMany(i => byProject.Where(own => i < own.Length).Select(own => own[i]))];
}

void Print(List<MutationResult> results, int siteCount)
{
    var survivors = results.Count(result => result.Verdict is "survived" or "not covered");
    Console.WriteLine($"""
        # Mutations that the tests notice

        `dotnet run -c Release --project eng/Mutate -- {seed} {count}` at commit {commit}: {count} of {siteCount} mutations of
        {string.Join(", ", projects)}, drawn by the seed; {count - survivors} noticed, {survivors} not.

        | # | place | operator | was | became | verdict |
        | --- | --- | --- | --- | --- | --- |
        """);
    foreach (var (result, i) in results.Select((result, i) => (result, i + 1)))
    {
        var site = result.Site;
        Console.WriteLine(
            $"| {i} | {site.Path}:{site.Line} | {site.Operator} | {Code(site.Original)} | {Code(site.Replacement)} | "
            + $"{result.Verdict}{(result.By is null ? "" : $" by {Code(result.By)}")} |");
    }
}

static string Code(string text) => $"`{(text.Length > 90 ? text[..87] + "..." : text).Replace("|", "\\|")}`";

static string Git(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0
        ? output
        : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed with {process.ExitCode}");
}
