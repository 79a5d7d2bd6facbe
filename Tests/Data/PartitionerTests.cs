using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class PartitionerTests
{
    public static TheoryData<string> Specifications() =>
        ["equal", "contiguous", "label", "label:1", "label:7", "dirichlet:0.001", "dirichlet:0.5", "dirichlet:100"];

    [Theory]
    [MemberData(nameof(Specifications))]
    public void Every_example_goes_to_one_worker_and_every_worker_gets_one(string specification)
    {
        var cases =
            from count in Gen.Choose(1, 300)
            from workers in Gen.Choose(1, count)
            from classes in Gen.Choose(1, 10)
            from seed in Gen.Choose(0, int.MaxValue)
            select (count, workers, classes, seed);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var examples = Examples(drawn.count, drawn.classes, (ulong)drawn.seed);
            var parts = Partitioner.Parse(specification).Partition(examples, drawn.workers, (ulong)drawn.seed);
            Assert.Equal(drawn.workers, parts.Length);
            Assert.All(parts, Assert.NotEmpty);
            Assert.Equal(Enumerable.Range(0, drawn.count), parts.SelectMany(part => part).Order());
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Specifications))]
    public void The_seed_decides(string specification)
    {
        var examples = Examples(500, 10, 1);
        var partitioner = Partitioner.Parse(specification);
        var parts = partitioner.Partition(examples, 20, 5);
        Assert.Equal(parts, partitioner.Partition(examples, 20, 5));
        var others = partitioner.Partition(examples, 20, 6);
        var same = parts.Zip(others).All(pair => pair.First.SequenceEqual(pair.Second));
        Assert.Equal(specification == "contiguous", same);
    }

    [Theory]
    [MemberData(nameof(Specifications))]
    public void Names_parse_back(string specification) =>
        Assert.Equal(specification, Partitioner.Parse(specification).Name);

    [Theory]
    [InlineData("equal", 1)]
    [InlineData("contiguous", 1)]
    [InlineData("label", 2)]
    public void Sizes_differ_little(string specification, int most)
    {
        var parts = Partitioner.Parse(specification).Partition(Examples(1_003, 10, 1), 17, 1);
        var sizes = parts.Select(part => part.Length).ToArray();
        Assert.InRange(sizes.Max() - sizes.Min(), 0, most);
    }

    [Fact]
    public void Contiguous_parts_are_the_file_in_order()
    {
        var parts = Partitioner.Parse("contiguous").Partition(Examples(100, 10, 1), 7, 1);
        Assert.Equal(Enumerable.Range(0, 100), parts.SelectMany(part => part));
    }

    [Fact]
    public void By_label_a_worker_sees_few_labels()
    {
        var examples = Examples(6_000, 10, 1);
        var seen = Partitioner.Parse("label").Partition(examples, 100, 1)
            .Select(part => part.Select(examples.Label).Distinct().Count()).ToArray();
        // Two shards of 30: each spans two labels at most, and most of them one.
        Assert.All(seen, labels => Assert.InRange(labels, 1, 4));
        Assert.InRange(seen.Average(), 1.5, 2.5);
    }

    [Fact]
    public void A_small_alpha_concentrates_labels_and_a_large_one_spreads_them()
    {
        var examples = Examples(6_000, 10, 1);
        double LargestShare(string specification) => Partitioner.Parse(specification).Partition(examples, 10, 1)
            .Average(part => part.CountBy(examples.Label).Max(pair => pair.Value) / (double)part.Length);
        Assert.InRange(LargestShare("dirichlet:0.05"), 0.5, 1);
        Assert.InRange(LargestShare("dirichlet:1000"), 0.1, 0.16);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Equal")]
    [InlineData("equal:2")]
    [InlineData("label:")]
    [InlineData("label:0")]
    [InlineData("label:-1")]
    [InlineData("label:1.5")]
    [InlineData("dirichlet")]
    [InlineData("dirichlet:")]
    [InlineData("dirichlet:0")]
    [InlineData("dirichlet:-0.5")]
    [InlineData("dirichlet:nan")]
    [InlineData("dirichlet:Infinity")]
    [InlineData("dirichlet:1e999")]
    [InlineData("dirichlet:0,5")]
    public void Other_specifications_are_refused(string specification)
    {
        var error = Assert.Throws<OrleansEdgeException>(() => Partitioner.Parse(specification));
        Assert.StartsWith(
            $"partition '{specification}' is unknown; expected equal", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(11)]
    public void Workers_must_be_between_one_and_the_examples(int workers)
    {
        var error = Assert.Throws<OrleansEdgeException>(
            () => Partitioner.Parse("equal").Partition(Examples(10, 10, 1), workers, 1));
        Assert.Equal($"{workers} workers; expected 1 to 10, the number of training examples of set", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(7.5)]
    public void Gamma_draws_have_the_right_mean_and_variance(double shape)
    {
        var random = new RandomStream(1, "gamma");
        const int Draws = 200_000;
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < Draws; i++)
        {
            var draw = Math.Exp(DirichletPartitioner.LogGamma(shape, ref random));
            sum += draw;
            squares += draw * draw;
        }
        var mean = sum / Draws;
        // The mean's deviation is sqrt(shape / draws); mean and variance of a gamma draw are both its shape.
        Assert.InRange(mean, shape - (5 * Math.Sqrt(shape / Draws)), shape + (5 * Math.Sqrt(shape / Draws)));
        Assert.InRange((squares / Draws) - (mean * mean), 0.95 * shape, 1.05 * shape);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.1)]
    [InlineData(1e6)]
    public void Dirichlet_shares_are_finite_and_sum_to_one(double alpha)
    {
        var random = new RandomStream(1, "dirichlet");
        var shares = new double[200];
        DirichletPartitioner.DrawDirichlet(alpha, shares, ref random);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(1, shares.Sum(), 1e-9);
    }

    private static ExampleSet Examples(int count, int classes, ulong seed)
    {
        var random = new RandomStream(seed, "labels");
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)random.NextInt(classes);
        }
        return new("set", new byte[count], labels, featureCount: 1, classCount: 10);
    }
}
