using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class SyntheticDigitsTests
{
    [Fact]
    public void An_example_depends_on_its_index_alone()
    {
        var digits = new SyntheticDigits(7, "train");
        var whole = digits.Create("whole", 1_234);
        var (pixels, labels) = (new byte[SyntheticDigits.PixelCount], new byte[1]);
        foreach (var example in (int[])[0, 1, 499, 500, 777, 1_233])
        {
            digits.Fill(example, pixels, labels);
            Assert.Equal(whole.Pixels(example), pixels);
            Assert.Equal(whole.Label(example), labels[0]);
        }
    }

    [Fact]
    public void Any_order_of_ranges_gives_the_same_set()
    {
        var digits = new SyntheticDigits(7, "train");
        var forward = digits.Create("forward", 2_001);
        var backward = digits.Create("backward", 2_001, (count, body) =>
        {
            for (var i = count - 1; i >= 0; i--)
            {
                body(i);
            }
        });
        var parallel = digits.Create("parallel", 2_001, (count, body) => Parallel.For(0, count, body));
        Assert.Equal(forward.Labels, backward.Labels);
        for (var i = 0; i < forward.Count; i++)
        {
            Assert.True(forward.Pixels(i).SequenceEqual(backward.Pixels(i)));
            Assert.True(forward.Pixels(i).SequenceEqual(parallel.Pixels(i)));
        }
    }

    [Fact]
    public void Seeds_and_parts_give_other_examples()
    {
        var first = new SyntheticDigits(1, "train").Create("a", 50);
        var otherSeed = new SyntheticDigits(2, "train").Create("b", 50);
        var otherPart = new SyntheticDigits(1, "test").Create("c", 50);
        for (var i = 0; i < first.Count; i++)
        {
            Assert.False(first.Pixels(i).SequenceEqual(otherSeed.Pixels(i)));
            Assert.False(first.Pixels(i).SequenceEqual(otherPart.Pixels(i)));
        }
    }

    [Fact]
    public void Every_digit_is_as_likely_and_visible()
    {
        var digits = new SyntheticDigits(3, "train").Create("digits", 5_000);
        var counts = new int[10];
        for (var i = 0; i < digits.Count; i++)
        {
            counts[digits.Label(i)]++;
            var (low, high) = (255, 0);
            foreach (var pixel in digits.Pixels(i))
            {
                (low, high) = (Math.Min(low, pixel), Math.Max(high, pixel));
            }
            Assert.True(high - low > 60, $"example {i} spans only {low} to {high}");
        }
        // 5 deviations of a binomial with n = 5,000 and p = 0.1 are 106.
        Assert.All(counts, count => Assert.InRange(count, 394, 606));
    }

    [Fact]
    public void Every_style_stays_within_the_stroke_limit_and_the_grid()
    {
        foreach (var stroke in DigitSkeletons.Styles.SelectMany(style => style).SelectMany(strokes => strokes))
        {
            Assert.InRange(stroke.PointCount, 2, 20);
            for (var i = 0; i < stroke.PointCount; i++)
            {
                Assert.InRange(stroke.Points[2 * i], 0, DigitSkeletons.Width);
                Assert.InRange(stroke.Points[(2 * i) + 1], 0, DigitSkeletons.Height);
            }
        }
    }

    /// <summary>
    /// The data stay hard for a classifier that compares pixels: the nearest class mean gets far less than the 82 %
    /// it gets on MNIST, and far more than chance.
    /// </summary>
    [Fact]
    public void The_nearest_class_mean_does_poorly()
    {
        var train = new SyntheticDigits(1, "train").Create("train", 4_000);
        var test = new SyntheticDigits(1, "test").Create("test", 1_000);
        var means = new double[10, SyntheticDigits.PixelCount];
        Visit(train, (label, features) =>
        {
            for (var i = 0; i < features.Length; i++)
            {
                means[label, i] += features[i];
            }
        });
        var right = 0;
        Visit(test, (label, features) =>
        {
            var scores = Enumerable.Range(0, 10).Select(digit => Cosine(means, digit, features)).ToArray();
            right += Array.IndexOf(scores, scores.Max()) == label ? 1 : 0;
        });
        Assert.InRange(right / (double)test.Count, 0.3, 0.8);
    }

    private static double Cosine(double[,] means, int digit, float[] features)
    {
        var (dot, norm) = (0.0, 0.0);
        for (var i = 0; i < features.Length; i++)
        {
            dot += means[digit, i] * features[i];
            norm += means[digit, i] * means[digit, i];
        }
        return dot / Math.Sqrt(norm);
    }

    private static void Visit(ExampleSet examples, Action<int, float[]> visitor)
    {
        var (features, labels) = (new float[examples.FeatureCount], new int[1]);
        for (var i = 0; i < examples.Count; i++)
        {
            examples.CopyBatch([i], features, labels);
            visitor(labels[0], features);
        }
    }
}
