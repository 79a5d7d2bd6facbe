using System.Text;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Tests.Client;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oe-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_appears_whole()
    {
        AtomicFile.WriteText(PathOf("a.txt"), "größer");
        Assert.Equal("größer", File.ReadAllText(PathOf("a.txt"), Encoding.UTF8));
        Assert.Equal(["a.txt"], Names());
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(PathOf("a.txt"), "old");
        var exception = Assert.Throws<OrleansEdgeException>(() => AtomicFile.Write(
            PathOf("a.txt"), stream => stream.Write(new byte[1000]), path => new SmallDisk(path, 100)));
        Assert.Equal(ExitCode.InputOutput, exception.ExitCode);
        Assert.Contains("a.txt cannot be written: No space left", exception.Message);
        Assert.Equal(["a.txt"], Names());
        Assert.Equal("old", File.ReadAllText(PathOf("a.txt")));
    }

    [Fact]
    public void A_writer_that_fails_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(PathOf("a.txt"), stream =>
        {
            stream.Write(new byte[1000]);
            throw new InvalidOperationException();
        }));
        Assert.Empty(Names());
    }

    [Fact]
    public void A_full_device_is_reported_as_74()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is absent");
        var exception = Assert.Throws<OrleansEdgeException>(() => AtomicFile.Write(
            PathOf("a.txt"), stream => stream.Write(new byte[1000]), _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write)));
        Assert.Equal(ExitCode.InputOutput, exception.ExitCode);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("")]
    [InlineData(null)]
    public void What_a_link_leads_to_is_written_and_the_link_stays(string? old)
    {
        Directory.CreateDirectory(PathOf("far"));
        if (old is not null)
        {
            File.WriteAllText(PathOf("far/real.txt"), old);
        }
        File.CreateSymbolicLink(PathOf("middle"), "far/real.txt");
        File.CreateSymbolicLink(PathOf("link"), "middle");
        WriteThrough("link");

        Assert.Equal("new", File.ReadAllText(PathOf("far/real.txt")));
        Assert.Equal(("middle", "far/real.txt"), (
            new FileInfo(PathOf("link")).LinkTarget, new FileInfo(PathOf("middle")).LinkTarget));
        Assert.Single(Directory.GetFiles(PathOf("far")));
    }

    [Fact]
    public void Links_in_a_circle_are_reported_as_74()
    {
        File.CreateSymbolicLink(PathOf("a"), "b");
        File.CreateSymbolicLink(PathOf("b"), "a");
        var exception = Assert.Throws<OrleansEdgeException>(() => WriteThrough("a"));
        Assert.Equal(ExitCode.InputOutput, exception.ExitCode);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("link")]
    public async Task A_pipe_gets_what_is_written_and_stays_one(string name)
    {
        Assert.SkipUnless(InputFileTests.MakePipe(PathOf("pipe")), "there is no mkfifo");
        File.CreateSymbolicLink(PathOf("link"), "pipe");
        var read = Task.Run(() => File.ReadAllText(PathOf("pipe")), TestContext.Current.CancellationToken);
        WriteThrough(name);

        Assert.Equal("new", await read);
        Assert.Equal(["link", "pipe"], Names().Order());
        File.Delete(PathOf("pipe"));
    }

    [Fact]
    public void A_device_is_told_from_a_file()
    {
        // Nothing is written here: were it taken for a file, the machine would lose it.
        Assert.SkipUnless(File.Exists("/dev/null"), "/dev/null is absent");
        File.WriteAllText(PathOf("empty"), "");
        File.WriteAllText(PathOf("a.txt"), "old");
        File.CreateSymbolicLink(PathOf("nowhere"), "/dev/null");
        using var device = AtomicFile.OpenSpecial("/dev/null");
        using var linked = AtomicFile.OpenSpecial(PathOf("nowhere"));

        Assert.True(device is not null && linked is not null);
        Assert.All(
            (string[])["empty", "a.txt", "none"], name => Assert.Null(AtomicFile.OpenSpecial(PathOf(name))));
        Assert.Equal("old", File.ReadAllText(PathOf("a.txt")));
    }

    [Fact]
    public void A_folder_below_a_file_is_reported_as_74()
    {
        File.WriteAllText(PathOf("a"), "");
        var exception = Assert.Throws<OrleansEdgeException>(() => AtomicFile.MakeFolder(PathOf("a/b")));
        Assert.Equal(ExitCode.InputOutput, exception.ExitCode);
    }

    private void WriteThrough(string name) => AtomicFile.WriteThrough(PathOf(name), stream => stream.Write("new"u8));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private List<string?> Names() => [.. Directory.GetFiles(_folder.FullName).Select(Path.GetFileName)];

    /// <summary>A file on a disk of so many bytes.</summary>
    private sealed class SmallDisk(string path, int size) : FileStream(path, FileMode.Create)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Position + buffer.Length > size)
            {
                base.Write(buffer[..(size - (int)Position)]);
                throw new IOException("No space left on device");
            }
            base.Write(buffer);
        }
    }
}
