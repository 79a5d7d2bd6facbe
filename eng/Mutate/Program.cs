using System.Diagnostics;
using System.Globalization;
using OrleansEdge.Mutate;

// Draws mutations of Core, Grains and Simulation by a seed and tells which of them the tests notice.
//   dotnet run -c Release --project eng/Mutate -- [SEED] [COUNT] > mutants.md
// Or lists the places of some projects that no test comes by, where nothing could be noticed:
//   dotnet run -c Release --project eng/Mutate -- unseen Grains Simulation
// Works on a copy of what is committed; progress goes to stderr.
var isListing = args is ["unseen", ..];
var seed = args.Length > 0 && !isListing ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var count = args.Length > 1 && !isListing ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40;
var projects = isListing ? args[1..] : ["Core", "Grains", "Simulation"];

var commit = Git("rev-parse", "--short", "HEAD").Trim();
var folder = Directory.CreateTempSubdirectory("oe-mutate-").FullName;
Git("worktree", "add", "--detach", "--force", folder, "HEAD");
try
{
    var tree = new InstrumentedTree(folder);
    var sites = tree.Sites(projects);
    if (isListing)
    {
        PrintUnseen(tree, new TestSuite(folder), [.. sites.Where(site => !site.Declares).Select(site => site.Unchanged())]);
        return;
    }
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
        foreach (var wrong in WrongOnes(drawn, errors.DistinctBy(error => error.Path)))
        {
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

static List<MutationSite> WrongOnes(List<MutationSite> drawn, IEnumerable<(string Path, int Line)> errors) =>
    [.. errors.Select(error =>
    {
        var wrong = drawn.Where(site => site.Path == error.Path).MinBy(site => Math.Abs(site.Line - error.Line))
            ?? throw new InvalidOperationException($"{error.Path}({error.Line}) does not compile");
        Console.Error.WriteLine($"does not compile: {wrong.Path}:{wrong.Line} {wrong.Replacement}");
        return wrong;
    })];

static void PrintUnseen(InstrumentedTree tree, TestSuite suite, List<MutationSite> sites)
{
    while (true)
    {
        tree.Write(sites);
        var errors = suite.Build();
        if (errors.Count == 0)
        {
            break;
        }
        WrongOnes(sites, errors).ForEach(wrong => sites.RemoveAll(site => site.Node == wrong.Node));
    }
    var seen = suite.Baseline().SelectMany(group => group.Covered).ToHashSet();
    foreach (var site in sites.Where((_, number) => !seen.Contains(number)).DistinctBy(site => (site.Path, site.Line)))
    {
        Console.WriteLine($"{site.Path}:{site.Line} {site.Original}");
    }
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
