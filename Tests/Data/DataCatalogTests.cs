using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class DataCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataCatalog _catalog;

    public DataCatalogTests() => _catalog = new([_folder["first"], _folder["second"]]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_is_looked_up_in_the_roots_in_order()
    {
        IdxBytes.AddSet(_folder, "second/digits", 30, 10);
        Assert.Equal(30, _catalog.Open("digits").Train.Count);
        IdxBytes.AddSet(_folder, "first/digits", 20, 10);
        Assert.Equal(20, new DataCatalog(_catalog.Roots).Open("digits").Train.Count);
        Assert.Equal([("digits", _folder["first/digits"])], _catalog.Available());
    }

    [Fact]
    public void A_root_with_an_unfinished_set_is_passed_over()
    {
        IdxBytes.AddSet(_folder, "second/digits", 30, 10);
        _folder.Add("first/digits/train-images-idx3-ubyte", []);
        Assert.Equal(30, _catalog.Open("digits").Train.Count);
    }

    [Fact]
    public void A_folder_is_opened_by_its_path()
    {
        IdxBytes.AddSet(_folder, "elsewhere", 30, 10);
        var data = _catalog.Open(_folder["elsewhere"] + "/");
        Assert.Equal(("elsewhere", 30, 10), (data.Train.Name, data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void The_other_spelling_of_file_names_is_read()
    {
        foreach (var part in (string[])["train", "t10k"])
        {
            _folder.Add($"first/digits/{part}-images.idx3-ubyte", IdxBytes.Images(4));
            _folder.Add($"first/digits/{part}-labels.idx1-ubyte", IdxBytes.Labels(1, 2, 3, 4));
        }
        Assert.Equal(4, _catalog.Open("digits").Test.Count);
    }

    [Fact]
    public void An_unknown_name_says_what_there_is_and_where_it_looked()
    {
        IdxBytes.AddSet(_folder, "second/digits", 30, 10);
        Refused(
            "letters", 0, ExitCode.MissingInput,
            $"--data 'letters' was not found; available: digits, synthetic; "
            + $"looked in {_folder["first"]}, {_folder["second"]}, here");
        Refused("", 0, ExitCode.MissingInput, "--data '' was not found");
        Refused("mnist", 0, ExitCode.MissingInput, "'oe data get mnist' downloads it");
    }

    [Fact]
    public void A_name_of_no_known_data_set_is_a_folder_here()
    {
        IdxBytes.AddSet(_folder, "own", 30, 10);
        var name = Path.GetFileName(Path.GetRandomFileName());
        Directory.CreateSymbolicLink(name, _folder["own"]);
        try
        {
            Assert.Equal(30, _catalog.Open(name).Train.Count);
            IdxBytes.AddSet(_folder, $"second/{name}", 20, 10);
            Assert.Equal(20, new DataCatalog([_folder["first"], _folder["second"]]).Open(name).Train.Count);
        }
        finally
        {
            Directory.Delete(name);
        }
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        Refused(_folder["none"], 0, ExitCode.MissingInput, $"--data {_folder["none"]}: no such folder");
        _folder.Add("first/digits/readme", []);
        Refused("digits", 0, ExitCode.MissingInput, "no train-images-idx3-ubyte or train-images-idx3-ubyte.gz");
        IdxBytes.AddSet(_folder, "first/digits", 30, 10);
        Assert.Equal(30, _catalog.Open("digits").Train.Count);
    }

    [Fact]
    public void Train_and_test_must_have_the_same_pixels()
    {
        IdxBytes.AddSet(_folder, "first/digits", 30, 10, testRows: 4);
        Refused("digits", 0, ExitCode.Data, "t10k-images-idx3-ubyte.gz: images of 12 pixels; expected 6");
    }

    [Fact]
    public void Synthetic_sets_have_the_sizes_asked()
    {
        var data = _catalog.Open("synthetic:120x30");
        Assert.Equal((120, 30), (data.Train.Count, data.Test.Count));
        Assert.False(data.Train.Pixels(0).SequenceEqual(data.Test.Pixels(0)));
        var larger = _catalog.Open("synthetic:200x40");
        Assert.True(larger.Train.Pixels(119).SequenceEqual(data.Train.Pixels(119)));
    }

    [Theory]
    [InlineData("synthetic:")]
    [InlineData("synthetic:100")]
    [InlineData("synthetic:100x")]
    [InlineData("synthetic:0x10")]
    [InlineData("synthetic:-1x10")]
    [InlineData("synthetic:1x2x3")]
    [InlineData("synthetic:2000001x10")]
    [InlineData("synthetic:99999999999x10")]
    public void Other_sizes_are_refused(string data) =>
        Refused(data, 0, ExitCode.Usage, $"'{data}': expected synthetic:TRAINxTEST with sizes from 1 to 2000000");

    [Fact]
    public void Fewer_training_examples_keep_the_classes_shares_and_nest()
    {
        var whole = _catalog.Open("synthetic:1000x10").Train;
        var large = _catalog.Open("synthetic:1000x10", 300).Train;
        var small = _catalog.Open("synthetic:1000x10", 100).Train;
        Assert.Equal((300, 100), (large.Count, small.Count));
        for (var digit = 0; digit < 10; digit++)
        {
            var all = whole.Labels.Count((byte)digit);
            Assert.InRange(large.Labels.Count((byte)digit), (0.3 * all) - 1, (0.3 * all) + 1);
            Assert.InRange(small.Labels.Count((byte)digit), (0.1 * all) - 1, (0.1 * all) + 1);
        }
        var kept = Keys(large);
        Assert.All(Keys(small), key => Assert.Contains(key, kept));
        Assert.All(kept, key => Assert.Contains(key, Keys(whole)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(41)]
    public void More_training_examples_than_there_are_are_refused(int count) => Refused(
        "synthetic:40x10",
        count,
        ExitCode.Usage,
        $"--train-examples {count}: expected 1 to 40 for synthetic, or 0 for all");

    [Fact]
    public void What_was_opened_is_kept_and_shared_between_threads()
    {
        var opened = new TrainTestPair[16];
        Parallel.For(0, opened.Length, i => opened[i] = _catalog.Open("synthetic:500x10", i % 2 * 50));
        Assert.Equal(2, opened.Distinct().Count());
        Assert.Same(opened[0].Test, opened[1].Test);
    }

    [Fact]
    public void The_default_catalog_looks_in_the_documented_places()
    {
        var roots = DataCatalog.Default().Roots;
        Assert.Equal(["data", Path.Combine("..", "shared", "data"), DataCatalog.UserDataFolder], roots.TakeLast(3));
    }

    private static HashSet<string> Keys(ExampleSet examples) =>
        [.. Enumerable.Range(0, examples.Count).Select(i => Convert.ToHexString(examples.Pixels(i)))];

    private void Refused(string data, int trainExamples, ExitCode exitCode, string expected)
    {
        var error = Assert.Throws<OrleansEdgeException>(() => _catalog.Open(data, trainExamples));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(exitCode, error.ExitCode);
    }
}
