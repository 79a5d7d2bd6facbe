using System.Net;
using System.Security.Cryptography;
using OrleansEdge.Client.Data;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Tests.Data;

namespace OrleansEdge.Tests.Client;

public sealed class DataDownloaderTests : IDisposable
{
    private static readonly byte[] Images = IdxBytes.Images(500), Labels = IdxBytes.Labels(new byte[500]);

    private static readonly DataSetDescriptor Set = new(
        "digits", "a set", "here", "none", [new("http://one.test/a/"), new("http://two.test/b/")],
        [Describe("images.gz", Images), Describe("labels.gz", Labels)]);

    private readonly TemporaryFolder _folder = new();
    private readonly Mirrors _mirrors = new();

    public DataDownloaderTests()
    {
        _mirrors.Answers["http://one.test/a/images.gz"] = () => Bytes(IdxBytes.Gzip(Images));
        _mirrors.Answers["http://one.test/a/labels.gz"] = () => Bytes(IdxBytes.Gzip(Labels));
        _mirrors.Answers["http://two.test/b/images.gz"] = () => Bytes(Images);
        _mirrors.Answers["http://two.test/b/labels.gz"] = () => Bytes(Labels);
    }

    private string Target => _folder["data/digits"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Downloads_and_verifies_all_files()
    {
        var reports = new List<DownloadProgress>();
        Assert.Equal(["images.gz", "labels.gz"], await DownloadAsync(new Reports(reports)));
        Assert.Equal(["images.gz", "labels.gz"], Files(Target));
        Assert.Equal(IdxBytes.Gzip(Images), File.ReadAllBytes(Path.Combine(Target, "images.gz")));
        Assert.Contains(new("labels.gz", IdxBytes.Gzip(Labels).Length, IdxBytes.Gzip(Labels).Length), reports);
        NothingElseIsLeft("digits");
    }

    [Fact]
    public async Task Files_that_are_there_and_right_are_not_downloaded_again()
    {
        await DownloadAsync();
        File.WriteAllBytes(Path.Combine(Target, "labels.gz"), [1, 2, 3]);
        Assert.Equal(["labels.gz"], await DownloadAsync());
        Assert.Empty(await DownloadAsync());
        Assert.Equal(3, _mirrors.Requests);
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "cut", "one.test/a/ gave gzip data that are damaged or cut off" },
        { "plain cut", "bytes of content, expected" },
        { "other content", "content of sha256" },
        { "longer content", "more content, expected" },
        { "endless", "bytes, expected at most" },
        { "not found", "HTTP status 404" },
        { "refused", "an error (connection refused)" },
        { "broken off", "an error (connection reset)" },
        { "silent", "no answer in time" },
        { "empty", "0 bytes of content" },
    };

    public static TheoryData<string> FaultNames() => [.. Faults().Select(fault => fault.Data.Item1)];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task The_next_mirror_stands_in_for_a_faulty_one(string fault)
    {
        _mirrors.Answers["http://one.test/a/images.gz"] = () => Faulty(fault);
        Assert.Equal(2, (await DownloadAsync()).Count);
        Assert.Equal(Images, File.ReadAllBytes(Path.Combine(Target, "images.gz")));
        NothingElseIsLeft("digits");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task When_all_mirrors_fail_each_fault_is_told_and_nothing_is_written(string fault, string expected)
    {
        _mirrors.Answers["http://one.test/a/labels.gz"] = () => Faulty(fault);
        _mirrors.Answers["http://two.test/b/labels.gz"] = () => new(HttpStatusCode.ServiceUnavailable);
        var error = await Assert.ThrowsAsync<OrleansEdgeException>(() => DownloadAsync());
        Assert.StartsWith(
            "data set 'digits': labels.gz could not be downloaded: http://one.test/a/ gave ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("http://two.test/b/ gave HTTP status 503", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unavailable, error.ExitCode);
        NothingElseIsLeft();
    }

    [Fact]
    public async Task A_failed_download_leaves_the_files_that_were_there()
    {
        _folder.Add("data/digits/labels.gz", [1, 2, 3]);
        _mirrors.Answers.Remove("http://one.test/a/labels.gz");
        _mirrors.Answers.Remove("http://two.test/b/labels.gz");
        await Assert.ThrowsAsync<OrleansEdgeException>(() => DownloadAsync());
        Assert.Equal(["labels.gz"], Files(Target));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(Target, "labels.gz")));
        NothingElseIsLeft("digits");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        _folder.Add("data", []);
        var error = await Assert.ThrowsAsync<OrleansEdgeException>(() => DownloadAsync());
        Assert.Contains("could not be written", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.InputOutput, error.ExitCode);
    }

    [Fact]
    public async Task Stopping_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        _mirrors.Answers["http://one.test/a/labels.gz"] = () =>
        {
            stop.Cancel();
            return Bytes(Labels);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync(cancellation: stop.Token));
        NothingElseIsLeft();
    }

    [Fact]
    public void The_described_files_of_mnist_are_the_known_ones()
    {
        var folder = TestData.Folder("mnist");
        if (folder is null)
        {
            Assert.Skip("shared/data/mnist is absent");
        }
        Assert.All(DataSets.Mnist.Files, file =>
            Assert.Null(DataDownloader.FindFault(Path.Combine(folder, file.Name), file)));
        Assert.Same(DataSets.Mnist, DataSets.Get("mnist"));
        Assert.Equal(ExitCode.Usage, Assert.Throws<OrleansEdgeException>(() => DataSets.Get("letters")).ExitCode);
    }

    private static HttpResponseMessage Faulty(string fault) => fault switch
    {
        "cut" => Bytes(IdxBytes.Gzip(Labels)[..^6]),
        "plain cut" => Bytes(Labels[..^30]),
        "other content" => Bytes(IdxBytes.Labels([.. Enumerable.Repeat((byte)1, 500)])),
        "longer content" => Bytes([.. Images, .. Images]),
        "endless" => Bytes(new byte[1 << 18]),
        "not found" => new(HttpStatusCode.NotFound),
        "refused" => throw new HttpRequestException("connection refused"),
        "broken off" => new(HttpStatusCode.OK) { Content = new StreamContent(new FaultyStream(silent: false)) },
        "silent" => new(HttpStatusCode.OK) { Content = new StreamContent(new FaultyStream(silent: true)) },
        _ => Bytes([]),
    };

    private static HttpResponseMessage Bytes(byte[] content) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(content) };

    private static DataFileDescriptor Describe(string name, byte[] content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order()];

    private void NothingElseIsLeft(params string[] expected) => Assert.Equal(expected, Files(_folder["data"]));

    private async Task<IReadOnlyList<string>> DownloadAsync(
        IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var http = new HttpClient(_mirrors, disposeHandler: false);
        return await new DataDownloader(http, TimeSpan.FromMilliseconds(100))
            .DownloadAsync(Set, Target, progress, cancellation);
    }

    private sealed class Reports(List<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value);
    }

    /// <summary>Answers by address; an address without an answer is not found.</summary>
    private sealed class Mirrors : HttpMessageHandler
    {
        public Dictionary<string, Func<HttpResponseMessage>> Answers { get; } = [];

        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromResult(Answers.GetValueOrDefault(request.RequestUri!.AbsoluteUri)?.Invoke()
                ?? new(HttpStatusCode.NotFound));
        }
    }

    /// <summary>Breaks off at once, or says nothing until it is given up.</summary>
    private sealed class FaultyStream(bool silent) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (silent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            throw new IOException("connection reset");
        }
    }
}
