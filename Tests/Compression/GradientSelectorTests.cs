using OrleansEdge.Core;
using OrleansEdge.Core.Compression;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Compression;

public sealed class GradientSelectorTests
{
    [Fact]
    public void Selects_what_sorting_selects() => AnySeed.Satisfies(150, seed =>
    {
        var random = new RandomStream(seed, "selection");
        var gradient = Gradient(1 + random.NextInt(20_000), ref random);
        var density = Math.Pow(10, -4 * random.NextDouble());
        var selector = new GradientSelector([Block(0, gradient.Length)], density);
        var selection = new SparseUpdate();
        selector.Select(gradient, selection);
        var expected = Sorted(gradient, GradientSelector.SelectedOf(gradient.Length, density));
        Assert.Equal(expected, selection.Indices.ToArray());
        Assert.Equal(expected.Select(i => gradient[i]), selection.Values.ToArray());
    });

    [Fact]
    public void Every_block_has_its_own_share_and_at_least_one_entry()
    {
        var model = ModelCatalog.Create("cnn");
        var selector = new GradientSelector(model.ParameterBlocks, 0.01);
        var random = new RandomStream(1, "blocks");
        var gradient = Gradient(model.ParameterCount, ref random);
        var selection = new SparseUpdate();
        selector.Select(gradient, selection);

        // k = 2, 1, 92, 1, 2007, 1, 12, 1 for the paper's network at c = 0.01.
        Assert.Equal(2117, selector.SelectedCount);
        Assert.Equal(2117, selection.Count);
        foreach (var block in model.ParameterBlocks)
        {
            var entries = selection.EntriesIn(new(block.Offset, block.Offset + block.Length));
            var expected = Sorted(gradient.AsSpan(block.Offset, block.Length), Math.Max(1, block.Length / 100));
            Assert.Equal(expected.Select(i => i + block.Offset), selection.Indices[entries].ToArray());
        }
    }

    [Fact]
    public void A_share_of_one_selects_everything()
    {
        var gradient = new float[] { 0, -1, 3, 0, -2 };
        var selection = new SparseUpdate();
        new GradientSelector([Block(0, 2), Block(2, 3)], 1).Select(gradient, selection);
        Assert.Equal([0, 1, 2, 3, 4], selection.Indices.ToArray());
        Assert.Equal(gradient, selection.Values.ToArray());
    }

    [Fact]
    public void Among_equals_the_lowest_indices_are_selected()
    {
        var gradient = new float[10_000];
        Array.Fill(gradient, 0.5f);
        gradient[9_000] = -0.75f;
        gradient[400] = -0.5f;
        var selection = new SparseUpdate();
        new GradientSelector([Block(0, gradient.Length)], 0.05).Select(gradient, selection);
        Assert.Equal([.. Enumerable.Range(0, 499), 9_000], selection.Indices.ToArray());
    }

    [Fact]
    public void Is_exact_where_the_sample_misses_all_large_entries()
    {
        // Every place that a sample of 2,048 visits is zero or is the only one that is not.
        foreach (var sampledOnly in new[] { false, true })
        {
            var gradient = new float[100_000];
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] = (i % 47 == 0) == sampledOnly ? 1 + (i * 1e-6f) : 0;
            }
            var selection = new SparseUpdate();
            new GradientSelector([Block(0, gradient.Length)], 0.1).Select(gradient, selection);
            Assert.Equal(Sorted(gradient, 10_000), selection.Indices.ToArray());
        }
    }

    [Theory]
    [InlineData(float.NaN, 7)]
    [InlineData(float.PositiveInfinity, 10_007)]
    [InlineData(float.NegativeInfinity, 99_999)]
    public void NaN_and_infinity_are_refused_with_their_index(float value, int index)
    {
        var random = new RandomStream(1, "refused");
        var gradient = Gradient(100_000, ref random);
        gradient[index] = value;
        var selector = new GradientSelector([Block(0, 10_000), Block(10_000, 90_000)], 0.01);
        var refusal = Assert.Throws<OrleansEdgeException>(() => selector.Select(gradient, new SparseUpdate()));
        Assert.Equal(ExitCode.Data, refusal.ExitCode);
        Assert.Contains($"entry {index} is", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_zero_to_one_is_refused(double density)
    {
        var refusal = Assert.Throws<OrleansEdgeException>(() => new GradientSelector([Block(0, 10)], density));
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
    }

    [Fact]
    public void Selecting_allocates_nothing_once_the_memory_is_there()
    {
        var random = new RandomStream(1, "allocation");
        var gradient = Gradient(50_000, ref random);
        var selector = new GradientSelector([Block(0, 20_000), Block(20_000, 30_000)], 0.01);
        var selection = new SparseUpdate();
        Assert.Equal(0, Allocations.Of(() => selector.Select(gradient, selection)));
    }

    private static ParameterBlock Block(int offset, int length) => new($"block at {offset}", offset, [length]);

    // Normal entries, some of them cut to few values so that there are ties, with runs of zeros as of inactive units.
    private static float[] Gradient(int length, ref RandomStream random)
    {
        var gradient = new float[length];
        var (coarse, zeros) = (random.NextInt(3) == 0, random.NextInt(3) == 0);
        for (var i = 0; i < length; i++)
        {
            var value = random.NextNormal() * 1e-3;
            value = coarse ? Math.Round(value, 3) : value;
            gradient[i] = zeros && i / 100 % 4 != 0 ? 0 : (float)value;
        }
        return gradient;
    }

    private static int[] Sorted(ReadOnlySpan<float> gradient, int count)
    {
        var magnitudes = gradient.ToArray().Select(Math.Abs).ToArray();
        return [.. Enumerable.Range(0, magnitudes.Length).OrderByDescending(i => magnitudes[i]).Take(count).Order()];
    }
}
