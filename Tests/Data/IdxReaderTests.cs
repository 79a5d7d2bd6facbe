using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_plain_and_gzip_whatever_the_name(bool gzip)
    {
        byte[] Wrap(byte[] content) => gzip ? IdxBytes.Gzip(content) : content;
        var set = Read(Wrap(IdxBytes.Images(3)), Wrap(IdxBytes.Labels(7, 0, 9)));
        Assert.Equal((3, 6, 10, "set"), (set.Count, set.FeatureCount, set.ClassCount, set.Name));
        Assert.Equal([6, 7, 8, 9, 10, 11], set.Pixels(1).ToArray());
        Assert.Equal([7, 0, 9], set.Labels.ToArray());
    }

    [Fact]
    public void Reads_more_than_one_buffer()
    {
        var set = Read(IdxBytes.Gzip(IdxBytes.Images(300, 28, 28)), IdxBytes.Labels(new byte[300]));
        Assert.Equal((300, 784), (set.Count, set.FeatureCount));
        Assert.Equal((byte)(((299 * 784) + 783) % 251), set.Pixels(299)[783]);
    }

    [Fact]
    public void Reads_mnist()
    {
        var folder = TestData.Folder("mnist");
        if (folder is null)
        {
            Assert.Skip("shared/data/mnist is absent");
        }
        var set = IdxReader.ReadPair(
            Path.Combine(folder, "t10k-images-idx3-ubyte.gz"),
            Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"),
            "mnist");
        Assert.Equal((10_000, 784), (set.Count, set.FeatureCount));
        var counts = set.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value);
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], counts);
    }

    public static TheoryData<string, byte[], string> WrongImages() => new()
    {
        { "empty", [], "empty; expected a header of 16 bytes" },
        { "magic cut", [0, 0, 8], "ends after 3 bytes; expected a header of 16 bytes" },
        { "header cut", IdxBytes.Images(2)[..9], "ends after 9 bytes; expected a header of 16 bytes" },
        { "labels for images", IdxBytes.Labels(new byte[20]), "magic number 2049 (0x00000801); expected 2051" },
        { "text", "P5 28 28 255 something"u8.ToArray(), "magic number 1345658930 (0x50352032); expected 2051" },
        { "no images", IdxBytes.Images(0), "states 0 x 2 x 3 bytes" },
        { "no rows", IdxBytes.Header(2051, 2, 0, 3), "states 2 x 0 x 3 bytes" },
        { "body missing", IdxBytes.Images(2)[..16], "ends after 0 bytes of values; expected 12" },
        { "body cut", IdxBytes.Images(2)[..^1], "ends after 11 bytes of values; expected 12" },
        { "body cut late", IdxBytes.Images(200, 28, 28)[..^1], "ends after 156799 bytes of values; expected 156800" },
        { "trailing", [.. IdxBytes.Images(2), 1], "more bytes follow the values; expected 12" },
        { "huge", IdxBytes.Header(2051, -1, -1, -1), "states 4294967295 x 4294967295 x 4294967295 bytes" },
        { "large", IdxBytes.Header(2051, 1 << 20, 32, 33), "states 1048576 x 32 x 33 bytes" },
        { "gzip trailing", IdxBytes.Gzip([.. IdxBytes.Images(2), 1]), "more bytes follow the values; expected 12" },
        { "gzip of nothing", IdxBytes.Gzip([]), "empty; expected a header of 16 bytes" },
        { "gzip cut", IdxBytes.Gzip(IdxBytes.Images(200))[..^40], "damaged or cut off" },
        { "gzip trailer cut", IdxBytes.Gzip(IdxBytes.Images(200))[..^1], "damaged or cut off" },
        { "gzip header alone", [0x1F, 0x8B], "damaged or cut off" },
        { "gzip method", [0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], "damaged or cut off" },
        { "gzip flipped", Flip(IdxBytes.Gzip(IdxBytes.Images(200)), 60), "damaged or cut off" },
        { "gzip checksum", Flip(IdxBytes.Gzip(IdxBytes.Images(200)), ^6), "damaged or cut off" },
    };

    [Theory]
    [MemberData(nameof(WrongImages))]
    public void Wrong_images_are_refused_in_one_line(string what, byte[] images, string expected)
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Read(images, IdxBytes.Labels(1, 2)));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.StartsWith(_folder["images"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCode.Data, error.ExitCode);
    }

    [Fact]
    public void A_header_of_a_gibibyte_allocates_no_more_than_the_file_holds()
    {
        var images = IdxBytes.Header(2051, 1 << 20, 32, 32);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<OrleansEdgeException>(() => Read(images, IdxBytes.Labels(1)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("ends after 0 bytes of values; expected 1073741824", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_must_agree()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Read(IdxBytes.Images(3), IdxBytes.Labels(1, 2)));
        Assert.Equal(
            $"{_folder["labels"]}: 2 labels; expected 3, one for each image of {_folder["images"]}", error.Message);
        Assert.Equal(ExitCode.Data, error.ExitCode);
    }

    [Fact]
    public void Labels_must_be_in_range()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Read(IdxBytes.Images(3), IdxBytes.Labels(1, 2, 10)));
        Assert.Equal($"{_folder["labels"]}: label 10 of example 2; expected 0 to 9", error.Message);
        Assert.Equal(ExitCode.Data, error.ExitCode);
    }

    [Fact]
    public void Missing_files_are_missing_input()
    {
        var labels = _folder.Add("labels", IdxBytes.Labels(1));
        var error = Assert.Throws<OrleansEdgeException>(() => IdxReader.ReadPair(_folder["none"], labels, "set"));
        Assert.Equal($"{_folder["none"]}: no such file; expected IDX images", error.Message);
        Assert.Equal(ExitCode.MissingInput, error.ExitCode);
        error = Assert.Throws<OrleansEdgeException>(() => IdxReader.ReadPair(_folder["no/where"], labels, "set"));
        Assert.Equal(ExitCode.MissingInput, error.ExitCode);
        error = Assert.Throws<OrleansEdgeException>(() => IdxReader.ReadPair(_folder.Path, labels, "set"));
        Assert.Equal(ExitCode.MissingInput, error.ExitCode);
    }

    private static byte[] Flip(byte[] bytes, Index index)
    {
        bytes[index] ^= 0xFF;
        return bytes;
    }

    private ExampleSet Read(byte[] images, byte[] labels) =>
        IdxReader.ReadPair(_folder.Add("images", images), _folder.Add("labels", labels), "set");
}
