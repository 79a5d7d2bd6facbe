namespace OrleansEdge.Tests.Client;

public class UsageTests
{
    [Theory]
    [InlineData("trian adacomp", "did you mean train?")]
    [InlineData("xyzzy", "expected one of demo, train")]
    [InlineData("train", "needs one of adacomp")]
    [InlineData("train adacmp", "did you mean adacomp?")]
    [InlineData("train adacomp extra", "'extra' is not expected here")]
    [InlineData("train adacomp --wrokers 3", "did you mean --workers?")]
    [InlineData("train adacomp --fetch-every 3", "--fetch-every is unknown")]
    [InlineData("train adacomp --workers", "--workers has no value")]
    [InlineData("train adacomp --workers 0", "--workers is 0; expected an integer from 1 to")]
    [InlineData("train adacomp --workers 1.5", "--workers is 1.5")]
    [InlineData("train adacomp --workers -3", "--workers is -3")]
    [InlineData("train adacomp --workers 99999999999", "--workers is 99999999999")]
    [InlineData("train adacomp --workers 3 --workers 4", "--workers is given 2 times")]
    [InlineData("train adacomp --shards 0", "--shards is 0")]
    [InlineData("train adacomp --updates 0", "--updates is 0")]
    [InlineData("train adacomp --batch 0", "--batch is 0")]
    [InlineData("train adacomp --rate -0.1", "--rate is -0.1; expected a number above 0")]
    [InlineData("train adacomp --rate 0", "--rate is 0")]
    [InlineData("train adacomp --rate NaN", "--rate is NaN")]
    [InlineData("train adacomp --rate Infinity", "--rate is Infinity")]
    [InlineData("train adacomp --rate fast", "--rate is fast")]
    [InlineData("train adacomp --final-rate -0.1", "--final-rate is -0.1; expected a number from 0 to 1000")]
    [InlineData("train adacomp --final-rate NaN", "--final-rate is NaN")]
    [InlineData("train adacomp --rate 0.2 --final-rate 0.3", "--final-rate is 0.3; expected a number from 0 to 0.2, the --rate")]
    [InlineData("cluster submit train adacomp --at north,a/b", "WorkerSites is a/b; expected 1 to 100 characters without")]
    [InlineData("cluster submit train adacomp --name a@b", "Name is a@b; expected 1 to 100 characters without")]
    [InlineData("train adacomp --compression 0", "--compression is 0; expected a number above 0 and at most 1")]
    [InlineData("train adacomp --compression 1.01", "--compression is 1.01")]
    [InlineData("train adacomp --compression NaN", "--compression is NaN")]
    [InlineData("train asgd --compression 0.5", "--compression is 0.5; expected a number from 1 to 1")]
    [InlineData("train adacomp --model vgg", "--model is vgg; expected one of cnn")]
    [InlineData("train adacomp --partition dirichlet:0", "--partition is dirichlet:0; expected equal")]
    [InlineData("train adacomp --crash-probability 1.1", "--crash-probability is 1.1; expected a number from 0 to 1")]
    [InlineData("train adacomp --classes 0.5:1,0.4:0.1", "--classes is 0.5:1,0.4:0.1; expected SHARE:SPEED")]
    [InlineData("train adacomp --classes 1:0", "--classes is 1:0")]
    [InlineData("train adacomp --target-accuracy 97", "--target-accuracy is 97; expected a number from 0 to 1")]
    [InlineData("train adacomp --evaluate-every -1", "--evaluate-every is -1")]
    [InlineData("train adacomp --cores 0", "--cores is 0")]
    [InlineData("train adacomp --epochs 1 --updates 5", "--epochs and --updates are both given")]
    [InlineData("train adacomp --data synthetic:0x5", "synthetic:0x5")]
    [InlineData("train adacomp --data synthetic:100x20 --workers 101", "--workers is 101; expected at most 100")]
    [InlineData("train adacomp --data synthetic:100x20 --workers 5 --shards 9000 --model logreg", "expected at most 7850")]
    [InlineData("train adacomp --seed -1", "--seed is -1; expected an integer from 0")]
    [InlineData("train adacomp --format xml", "--format is xml; expected one of text, json")]
    [InlineData("train adacomp --quiet=perhaps", "'perhaps' is not expected here")]
    [InlineData("train downpour --push-every 0", "--push-every is 0")]
    [InlineData("reproduce", "needs one of adacomp-fig3, adacomp-table2, adacomp-fig4")]
    [InlineData("reproduce adacomp-fig5", "did you mean adacomp-fig3?")]
    [InlineData("reproduce adacomp-fig3 --runs 0", "--runs is 0")]
    [InlineData("bench model --threads 0", "--threads is 0")]
    [InlineData("data", "needs one of list, get")]
    [InlineData("data get", "NAME is missing; expected one of mnist")]
    [InlineData("data get imagenet", "'imagenet' is unknown; expected one of mnist")]
    [InlineData("doctor --seed 1 @file", "'@file' is not expected here")]
    public async Task A_wrong_command_line_gets_one_line_and_64(string arguments, string expected)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(["--output", console.PathOf("run"), .. arguments.Split(' ')]);
        Assert.Equal(64, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(expected, Assert.Single(run.ErrorLines));
        Assert.StartsWith("oe: ", run.Error);
        Assert.False(File.Exists(console.PathOf("run/manifest.json")));
    }

    [Theory]
    [InlineData("train adacomp --data nowhere", 66, "'nowhere' was not found")]
    [InlineData("train adacomp --data ./nowhere", 66, "no such folder")]
    [InlineData("train adacomp --resume nowhere", 66, "--resume is nowhere")]
    [InlineData("train adacomp --scenario nowhere.json", 66, "--scenario is nowhere.json")]
    [InlineData("train adacomp --data synthetic:50x10 --workers 2 --output /dev/null/run", 74, "/dev/null/run cannot be written")]
    public async Task What_is_missing_or_cannot_be_written_gets_one_line(string arguments, int code, string expected)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(arguments.Split(' '));
        Assert.Equal(code, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(expected, Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("train adacomp --help")]
    [InlineData("--version")]
    public async Task Help_and_version_go_to_stdout_and_succeed(string arguments)
    {
        using var console = new ConsoleHarness();
        var run = await console.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, run.ExitCode);
        Assert.NotEqual("", run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task A_bug_gets_one_line_and_70_and_with_verbose_the_place()
    {
        using var console = new ConsoleHarness { Training = new BrokenTraining() };
        var brief = await console.TrainTiny("a");
        Assert.Equal(70, brief.ExitCode);
        var line = Assert.Single(brief.ErrorLines);
        Assert.StartsWith($"oe: InvalidOperationException: two lines (a bug; its trace is in {console.Folder}", line);
        var trace = line[line.IndexOf(console.Folder, StringComparison.Ordinal)..].TrimEnd(')');
        Assert.Contains(nameof(BrokenTraining), File.ReadAllText(trace));
        var verbose = await console.TrainTiny("b", "--verbose");
        Assert.Contains(nameof(BrokenTraining), verbose.Error);
        using var traced = new ConsoleHarness
        {
            Training = new BrokenTraining(),
            Variables = new Dictionary<string, string> { ["OE_TRACE"] = "1" },
        };
        Assert.Contains(nameof(BrokenTraining), (await traced.TrainTiny("c")).Error);
    }

    private sealed class BrokenTraining : OrleansEdge.Client.Training.ITrainingHost
    {
        public Task<OrleansEdge.Client.Training.TrainingOutcome> Run(
            OrleansEdge.Client.Training.TrainingRequest request,
            Action<OrleansEdge.Client.Training.TrainingProgress> progress,
            CancellationToken stop) => throw new InvalidOperationException("two\nlines");
    }
}
