using System.Diagnostics;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

/// <summary>Files that have no end, or that nobody writes.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly ConsoleHarness _console = new();

    [Theory]
    [InlineData("play congestion --file /dev/zero")]
    [InlineData("train adacomp --resume /dev/zero")]
    public async Task A_device_without_end_gets_one_line(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "/dev/zero is absent");
        var run = await _console.Run([.. command.Split(' '), "--output", _console.PathOf("run")]);

        Assert.Equal((65, ""), (run.ExitCode, run.Output));
        Assert.Contains(
            "/dev/zero: more than 268435456 bytes; expected", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(70_000, 200_000)]
    public void A_file_is_read_whole_up_to_its_limit(int length, int most)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        File.WriteAllBytes(_console.PathOf("a"), bytes);

        Assert.Equal(bytes, InputFile.Read(_console.PathOf("a"), "a test", most).ToArray());
        File.AppendAllText(_console.PathOf("a"), new string('a', most - length + 1));
        var error = Assert.Throws<OrleansEdgeException>(() => InputFile.Read(_console.PathOf("a"), "a test", most));
        Assert.Equal(ExitCode.Data, error.ExitCode);
    }

    [Theory]
    [InlineData("play congestion --scenario FIFO", "FIFO")]
    [InlineData("train adacomp --resume FIFO", "FIFO")]
    [InlineData("train adacomp --data FOLDER", "train-images-idx3-ubyte")]
    [InlineData("play user-allocation --data FOLDER", "melbcbd-boundary.csv")]
    [InlineData("play congestion --file FIFO", "FIFO")]
    [InlineData("play singleton --file FIFO", "FIFO")]
    [InlineData("play network --file FIFO", "FIFO")]
    [InlineData("play single-channel --file FIFO", "FIFO")]
    [InlineData("play multi-channel --file FIFO", "FIFO")]
    [InlineData("play user-allocation --file FIFO", "FIFO")]
    [InlineData("play service-placement --file FIFO", "FIFO")]
    [InlineData("play cross-edge --file FIFO", "FIFO")]
    [InlineData("play power-control --file FIFO", "FIFO")]
    [InlineData("play channel-choice --file FIFO", "FIFO")]
    public async Task A_wish_to_stop_is_heard_while_nobody_writes_into_a_pipe(string command, string name)
    {
        foreach (var other in (string[])
            ["train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "site-optus-melbCBD.csv"])
        {
            _console.Write(other, "");
        }
        Assert.SkipUnless(MakePipe(_console.PathOf(name)), "there is no mkfifo");
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var run = await _console.Run(
            stopped.Token,
            [
                .. command.Replace("FIFO", _console.PathOf("FIFO"), StringComparison.Ordinal)
                    .Replace("FOLDER", _console.Folder, StringComparison.Ordinal).Split(' '),
                "--output", _console.PathOf("run"),
            ]);

        Assert.Equal((75, ""), (run.ExitCode, run.Output));
        Assert.Contains("stopped before there was a result", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    /// <summary>Whether a named pipe could be made.</summary>
    internal static bool MakePipe(string path)
    {
        try
        {
            using var made = Process.Start("mkfifo", path);
            made.WaitForExit();
            return made.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
