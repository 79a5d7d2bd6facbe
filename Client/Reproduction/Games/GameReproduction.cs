using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using Spectre.Console;
using Choose = OrleansEdge.Client.CommandLine.Options;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>What a reproduction of games found.</summary>
/// <param name="Page">For people.</param>
/// <param name="Rows">For programs: one object for each setting.</param>
/// <param name="Claims">Statements that were checked.</param>
/// <param name="Uncertified">Runs of a solver that ended without the certificate asked for; 0 is well.</param>
internal sealed record GameFindings(ResultPage Page, IReadOnlyList<object> Rows, IReadOnlyList<Claim> Claims,
    int Uncertified);

/// <summary>How large a reproduction is.</summary>
/// <param name="Runs">Repeats of each setting, with seeds from <paramref name="Seed"/> on.</param>
/// <param name="Cores">Processor cores to use.</param>
/// <param name="Size">The value of <see cref="GameReproduction.Size"/>; 0 where there is no such option.</param>
/// <param name="DataFolder">Where the data lies; empty where none is needed.</param>
/// <param name="Done">Called after each run of a solver, on any thread.</param>
internal sealed record GameScale(
    int Runs, ulong Seed, int Cores, int Size, string DataFolder, CancellationToken Stop, Action Done)
{
    /// <summary>Repeats that were asked for: more than <see cref="Runs"/> in a look at a part of them.</summary>
    public int Asked { get; init; } = Runs;

    /// <summary>All of the repeats, not a part.</summary>
    public bool IsWhole => Runs >= Asked;

    /// <summary>
    /// Runs a body for 0 to n - 1 on the cores; results stand in order, whatever the number of cores.
    /// </summary>
    public T[] ForEach<T>(int count, Func<int, T> body)
    {
        var results = new T[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Cores, CancellationToken = Stop };
        try
        {
            Parallel.For(0, count, options, i =>
            {
                results[i] = body(i);
                Done();
            });
        }
        catch (AggregateException exception) when (exception.InnerException is OrleansEdgeException inner)
        {
            throw inner;
        }
        return results;
    }
}

/// <summary>The frame of all reproductions of games: options, folder, manifest, table, report and exit code.</summary>
/// <param name="standardRuns">Repeats of each setting by default.</param>
/// <param name="paperRuns">What the paper has, in words for the help.</param>
internal abstract class GameReproduction(int standardRuns, string paperRuns) : IReproduction
{
    private readonly CheckedOption<int> _runs = Choose.Integer(
        "--runs", $"Repeats of each setting, with seeds from --seed on; {paperRuns}.", standardRuns, 1, 10_000);
    private readonly CheckedOption<int> _cores = Choose.Integer(
        "--cores", "Processor cores to use; the outcome does not depend on it.", Environment.ProcessorCount, 1, 1024);
    private readonly CheckedOption<string?> _data = Choose.Text(
        "--data", "The data set (default: by its name).", "a name or a folder", "DATA");

    private static IReadOnlyList<Option> NoOptions => [];

    public abstract string Name { get; }

    public abstract string Title { get; }

    public abstract string Description { get; }

    public IReadOnlyList<Option> Options =>
        [_runs, .. Size is { } size ? [size] : NoOptions, _cores, .. Data is null ? NoOptions : [_data]];

    /// <summary>A second option of how large it is; null for none.</summary>
    protected virtual CheckedOption<int>? Size => null;

    /// <summary>The data that it needs; null for none.</summary>
    protected virtual GameData? Data => null;

    public Task<ExitCode> Run(Invocation invocation)
    {
        var scale = new GameScale(
            invocation.Value(_runs), invocation.Seed, invocation.Value(_cores),
            Size is { } size ? invocation.Value(size) : 0,
            FolderOf(invocation), invocation.Stop, static () => { });
        var clock = invocation.Environment.Clock;
        var manifest = new Manifest
        {
            Command = invocation.CommandText,
            Started = clock.GetUtcNow(),
            Seed = invocation.Seed,
            Configuration = new { scale.Runs, scale.Size, scale.Cores, scale.DataFolder },
        };
        var started = clock.GetTimestamp();
        var folder = invocation.OpenFolder("reproduce-" + Name);
        (var findings, scale) = FindUntilStopped(invocation, scale);
        var isWhole = scale.IsWhole;
        var stopped = string.Create(
            CultureInfo.InvariantCulture, $"stopped: the figures are of {scale.Runs:#,0} of {scale.Asked:#,0} runs");
        if (!isWhole)
        {
            findings.Page.Notice($"This run was {stopped}; what takes all of them holds neither yes nor no.");
        }
        var result = new
        {
            Command = "reproduce",
            Figure = Name,
            scale.Runs,
            invocation.Seed,
            findings.Rows,
            Claims = Claim.After(scale, findings.Claims),
            findings.Uncertified,
            WallSeconds = clock.GetElapsedTime(started).TotalSeconds,
            ExitReason = !isWhole ? ExitReasons.Stopped : findings.Uncertified == 0 ? "certified" : "notCertified",
            Output = folder.Path,
        };
        Show(invocation, result, findings.Page);
        var isWritten = invocation.AfterResult(() =>
        {
            folder.WriteManifest(manifest with { Result = result });
            AtomicFile.WriteText(folder.File("table.md"), findings.Page.ToMarkdown(Repeat(scale)));
            folder.WriteReport(findings.Page.ToReport());
        });
        if (isWritten && !invocation.Json)
        {
            invocation.Out.MarkupLineInterpolated(
                $"written: [bold]{folder.File("report.html")}[/], {folder.File("table.md")}");
        }
        if (!isWhole)
        {
            throw new OrleansEdgeException(ExitCode.NotReached, stopped);
        }
        return Task.FromResult(findings.Uncertified == 0 ? ExitCode.Success : throw new OrleansEdgeException(
            ExitCode.NotReached, $"{findings.Uncertified} runs ended without a certified equilibrium; {folder.Path} "
                + "has the rest"));
    }

    /// <summary>
    /// Looks with a thousandth, a hundredth and a tenth of the runs, at least one, and then all of them: whoever stops
    /// one has the one before, from which it is known how long it takes.
    /// </summary>
    /// <exception cref="OperationCanceledException">Stopped during the first look.</exception>
    private (GameFindings Findings, GameScale Found) FindUntilStopped(Invocation invocation, GameScale scale)
    {
        int[] looks = [.. new[] { 1000, 100, 10, 1 }.Select(part => Math.Max(1, scale.Runs / part)).Distinct()];
        return new ProgressView(invocation).Watch(Name, progress =>
        {
            (GameFindings Findings, GameScale Scale)? found = null;
            var (trialsOfRun, solved) = (double.NaN, 0);
            for (var i = 0; i < looks.Length; i++)
            {
                var (look, before, done) = (scale with { Runs = looks[i] }, i, 0);
                var expected = trialsOfRun * look.Runs;
                var findings = Stoppable.Run(
                    () => Find(look with
                    {
                        Done = () => progress(new SolverProgress(
                            ShareOf(looks, before, Interlocked.Increment(ref done) / expected),
                            $"{Quantity.Count(Interlocked.Increment(ref solved))} games solved")),
                    }),
                    scale.Stop);
                if (findings is null)
                {
                    break;
                }
                (found, trialsOfRun) = ((findings, look), (double)done / look.Runs);
            }
            return found ?? throw new OperationCanceledException(scale.Stop);
        });
    }

    /// <summary>How much of all looks is done.</summary>
    /// <param name="looks">Runs of each.</param>
    /// <param name="before">Looks that are done.</param>
    /// <param name="part">Of the next one, about, above 1 too; NaN where it is not known.</param>
    internal static double ShareOf(int[] looks, int before, double part) =>
        (looks.Take(before).Sum() + (looks[before] * Math.Min(part, 1))) / looks.Sum();

    /// <summary>Computes everything.</summary>
    protected abstract GameFindings Find(GameScale scale);

    /// <summary>"1 run", "100 runs".</summary>
    protected static string RunsText(GameScale scale) =>
        $"{Quantity.Count(scale.Runs)} run{(scale.Runs == 1 ? "" : "s")} of each setting, seeds from {scale.Seed} on";

    private string FolderOf(Invocation invocation) =>
        Data is { } data ? data.Find(invocation.Value(_data), invocation.Environment.Data.Roots) : "";

    private string Repeat(GameScale scale)
    {
        var size = Size is null ? "" : FormattableString.Invariant($" {Size.Name} {scale.Size}");
        return FormattableString.Invariant($"oe reproduce {Name} --runs {scale.Runs}{size} --seed {scale.Seed}");
    }

    private void Show<T>(Invocation invocation, T result, ResultPage page)
    {
        if (invocation.Json)
        {
            invocation.WriteJson(result);
            return;
        }
        invocation.Out.MarkupLineInterpolated($"[bold]{Title}[/]");
        foreach (var source in page.Tables)
        {
            var table = new Table().RoundedBorder().BorderColor(Color.Grey);
            table.Title = source.Title is null ? null : new TableTitle(Markup.Escape(source.Title));
            foreach (var (column, name) in source.Columns.Index())
            {
                var header = new TableColumn(Markup.Escape(name)).PadLeft(0).PadRight(0);
                table.AddColumn(column == 0 ? header : header.RightAligned());
            }
            foreach (var row in source.Rows)
            {
                table.AddRow([.. row.Select(Markup.Escape)]);
            }
            invocation.Out.Write(table);
        }
    }
}
