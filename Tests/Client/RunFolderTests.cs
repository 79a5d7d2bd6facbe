using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

/// <summary>A folder holds one run; what is foreign in it stays as it is.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("metrics.jsonl")]
    [InlineData("checkpoint.bin")]
    [InlineData("model.safetensors")]
    [InlineData("model.onnx")]
    [InlineData("report.html")]
    [InlineData("table.md")]
    [InlineData("parts")]
    public void A_folder_with_anything_of_another_run_is_refused_by_name(string name)
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        File.WriteAllText(Path.Combine(path, name), "old");
        var exception = Assert.Throws<OrleansEdgeException>(() => RunFolder.Open(path));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains($"--output is {path}, which holds another run ({name})", exception.Message);
        Assert.Equal([name], Directory.GetFileSystemEntries(path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_link_that_leads_nowhere_counts_as_a_file_of_another_run()
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        File.CreateSymbolicLink(Path.Combine(path, "manifest.json"), _console.PathOf("nowhere"));
        Assert.Throws<OrleansEdgeException>(() => RunFolder.Open(path));
    }

    [Theory]
    [InlineData("play congestion --players 3")]
    [InlineData("reproduce adacomp-fig4 --updates 10 --runs 1 --data synthetic:400x20")]
    [InlineData("train asgd --model logreg --data synthetic:50x10 --workers 2 --updates 10")]
    [InlineData("bench model --model logreg --seconds 0.1")]
    [InlineData("doctor")]
    [InlineData("data list")]
    public async Task Every_command_refuses_a_folder_that_holds_another_run(string command)
    {
        var manifest = _console.Write("manifest.json", "{}");
        var run = await _console.Run([.. command.Split(' '), "--output", _console.Folder]);
        Assert.Equal(64, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("which holds another run (manifest.json)", Assert.Single(run.ErrorLines));
        Assert.Equal("{}", File.ReadAllText(manifest));
        Assert.Equal([manifest], Directory.GetFileSystemEntries(_console.Folder));
    }

    [Fact]
    public async Task Force_takes_away_the_old_run_and_leaves_what_is_foreign()
    {
        await _console.TrainTiny("run");
        foreach (var name in (string[])["notes.txt", "table.md", "parts/a/model.onnx", "parts/a/mine.txt", "parts/b/report.html"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_console.PathOf("run/" + name))!);
            _console.Write("run/" + name, "old");
        }
        var refused = await _console.Run("play", "congestion", "--output", _console.PathOf("run"));
        Assert.Equal(64, refused.ExitCode);
        var run = await _console.Run("play", "congestion", "--output", _console.PathOf("run"), "--force");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["manifest.json", "notes.txt", "parts/a/mine.txt", "report.html"], Names(_console.PathOf("run")));
    }

    [Fact]
    public void Force_takes_links_away_and_not_what_they_lead_to()
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        var elsewhere = Directory.CreateDirectory(_console.PathOf("elsewhere/a")).Parent!.FullName;
        _console.Write("elsewhere/a/model.onnx", "theirs");
        _console.Write("manifest.json", "theirs");
        File.CreateSymbolicLink(Path.Combine(path, "manifest.json"), _console.PathOf("manifest.json"));
        Directory.CreateSymbolicLink(Path.Combine(path, "parts"), elsewhere);
        using (RunFolder.Open(path, force: true))
        {
            Assert.Equal([FolderLock.Name], Directory.GetFileSystemEntries(path).Select(Path.GetFileName));
        }
        Assert.Equal("theirs", File.ReadAllText(_console.PathOf("manifest.json")));
        Assert.Equal("theirs", File.ReadAllText(_console.PathOf("elsewhere/a/model.onnx")));
    }

    [Fact]
    public void Two_runs_cannot_be_in_one_folder_and_force_changes_nothing_about_it()
    {
        var path = _console.PathOf("run");
        using (RunFolder.Open(path))
        {
            foreach (var force in (bool[])[false, true])
            {
                var exception = Assert.Throws<OrleansEdgeException>(() => RunFolder.Open(path, force: force));
                Assert.Equal(ExitCode.Usage, exception.ExitCode);
                Assert.Contains("another run is going on", exception.Message);
            }
            Assert.Throws<OrleansEdgeException>(() => RunFolder.Open(path, goesOn: true));
        }
        RunFolder.Open(path).Dispose();
    }

    [Fact]
    public void A_lock_that_a_killed_run_has_left_is_no_lock()
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        File.WriteAllText(Path.Combine(path, FolderLock.Name), "of a process that is gone");
        RunFolder.Open(path).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(path));
    }

    [Fact]
    public void A_lock_that_is_a_link_is_not_followed()
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        var theirs = _console.Write("theirs", "theirs");
        File.CreateSymbolicLink(Path.Combine(path, FolderLock.Name), theirs);
        Assert.Contains("is a link", Assert.Throws<OrleansEdgeException>(() => RunFolder.Open(path)).Message);
        Assert.Equal("theirs", File.ReadAllText(theirs));
    }

    [Fact]
    public void Runs_that_begin_in_the_same_second_get_folders_of_their_own()
    {
        var name = "test-" + Path.GetRandomFileName();
        var folders = new RunFolder[16];
        try
        {
            Parallel.For(0, folders.Length, i => folders[i] = RunFolder.OpenNew(name, new StoppedClock()));
            Assert.Equal(folders.Length, folders.Select(folder => folder.Path).Distinct().Count());
            Assert.All(folders, folder => Assert.True(File.Exists(folder.File(FolderLock.Name))));
        }
        finally
        {
            Array.ForEach(folders, folder => folder?.Dispose());
        }
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder.Path)));
    }

    [Fact]
    public void What_a_killed_run_was_writing_goes_when_the_next_one_opens_the_folder()
    {
        var path = Directory.CreateDirectory(_console.PathOf("run")).FullName;
        _console.Write("run/.oe-abc.partial", "half");
        _console.Write("run/mine.partial", "mine");
        RunFolder.Open(path, goesOn: true).Dispose();
        Assert.Equal(["mine.partial"], Names(path));
    }

    [Fact]
    public async Task A_run_that_goes_on_stays_in_its_folder_and_may_not_enter_another()
    {
        await _console.TrainTiny("a");
        await _console.TrainTiny("b");
        string[] resume = ["train", "adacomp", "--resume", _console.PathOf("a"), "--updates", "80", "--format", "json"];
        var other = await _console.Run([.. resume, "--output", _console.PathOf("b")]);
        Assert.Equal(64, other.ExitCode);
        Assert.Contains($"--output is {_console.PathOf("b")}, which holds another run", Assert.Single(other.ErrorLines));
        var own = await _console.Run([.. resume, "--output", _console.PathOf("b/../a/")]);
        Assert.Equal(0, own.ExitCode);
        Assert.Equal(80, own.Json.GetProperty("updates").GetInt64());
        var fresh = await _console.Run(
            "train", "adacomp", "--resume", _console.PathOf("a/checkpoint.bin"), "--updates", "100", "--format", "json",
            "--output", _console.PathOf("c"));
        Assert.Equal(100, fresh.Json.GetProperty("updates").GetInt64());
    }

    [Fact]
    public async Task A_wrong_input_leaves_no_folder()
    {
        var run = await _console.Run(
            "play", "congestion", "--file", _console.PathOf("nowhere"), "--output", _console.PathOf("run"));
        Assert.Equal(66, run.ExitCode);
        Assert.False(Directory.Exists(_console.PathOf("run")));
    }

    [Fact]
    public void A_file_beside_its_place_is_never_one_that_is_there()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            AtomicFile.Write(_console.PathOf("a.txt"), stream => stream.WriteByte(1), path =>
            {
                Assert.True(seen.Add(path));
                Assert.Equal(_console.Folder, Path.GetDirectoryName(path));
                return new FileStream(path, FileMode.CreateNew);
            });
        }
        var theirs = _console.Write("theirs", "theirs");
        File.CreateSymbolicLink(_console.PathOf("b.txt.partial"), theirs);
        File.CreateSymbolicLink(_console.PathOf("b.txt"), theirs);
        AtomicFile.WriteText(_console.PathOf("b.txt"), "ours");
        Assert.Equal("theirs", File.ReadAllText(theirs));
        Assert.Equal("ours", File.ReadAllText(_console.PathOf("b.txt")));
    }

    private static List<string> Names(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
    ];

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
