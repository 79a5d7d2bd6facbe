namespace OrleansEdge.Core.Data;

/// <summary>
/// Examples with integer labels, pixels kept as bytes. Immutable after construction and safe for many threads.
/// </summary>
public sealed class ExampleSet
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <param name="name">Shown in reports.</param>
    /// <param name="pixels">[count x <paramref name="featureCount"/>], row-major.</param>
    /// <param name="labels">[count], each below <paramref name="classCount"/>.</param>
    public ExampleSet(string name, byte[] pixels, byte[] labels, int featureCount, int classCount)
    {
        if (pixels.Length != (long)labels.Length * featureCount)
        {
            throw OrleansEdgeException.WrongData(
                $"{name}: {pixels.Length} pixels for {labels.Length} labels; expected {featureCount} pixels a label");
        }
        var wrong = Array.FindIndex(labels, label => label >= classCount);
        if (wrong >= 0)
        {
            throw OrleansEdgeException.WrongData(
                $"{name}: label {labels[wrong]} of example {wrong} is out of range; expected 0 to {classCount - 1}");
        }
        (Name, _pixels, _labels, FeatureCount, ClassCount) = (name, pixels, labels, featureCount, classCount);
    }

    public string Name { get; }

    public int Count => _labels.Length;

    /// <summary>Features of one example.</summary>
    public int FeatureCount { get; }

    public int ClassCount { get; }

    /// <summary>The pixels of one example, 0 to 255.</summary>
    public ReadOnlySpan<byte> Pixels(int example) => _pixels.AsSpan(example * FeatureCount, FeatureCount);

    public int Label(int example) => _labels[example];

    /// <summary>All labels, [<see cref="Count"/>].</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>Copies some examples, in the order of <paramref name="rows"/>, into a set of their own.</summary>
    public ExampleSet Subset(ReadOnlySpan<int> rows)
    {
        var (pixels, labels) = (new byte[rows.Length * FeatureCount], new byte[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            Pixels(rows[i]).CopyTo(pixels.AsSpan(i * FeatureCount));
            labels[i] = _labels[rows[i]];
        }
        return new(Name, pixels, labels, FeatureCount, ClassCount);
    }

    /// <summary>
    /// Copies examples as floats, each standardised to mean 0 and deviation 1 over its own pixels; a deviation below
    /// 1/sqrt(pixels) of the unit range counts as that, so that a blank image stays finite (AdaComp's preprocessing).
    /// </summary>
    /// <param name="rows">Indices of the examples.</param>
    /// <param name="features">[rows x <see cref="FeatureCount"/>].</param>
    /// <param name="labels">[rows].</param>
    public void CopyBatch(ReadOnlySpan<int> rows, Span<float> features, Span<int> labels)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            Standardize(Pixels(rows[i]), features.Slice(i * FeatureCount, FeatureCount));
            labels[i] = _labels[rows[i]];
        }
    }

    private static void Standardize(ReadOnlySpan<byte> pixels, Span<float> features)
    {
        long sum = 0, squares = 0;
        foreach (var pixel in pixels)
        {
            sum += pixel;
            squares += pixel * pixel;
        }
        var mean = sum / (255.0 * pixels.Length);
        var variance = Math.Max(squares / (255.0 * 255.0 * pixels.Length) - (mean * mean), 0);
        var scale = 1 / Math.Max(Math.Sqrt(variance), 1 / Math.Sqrt(pixels.Length));
        var (factor, offset) = ((float)(scale / 255), (float)(-mean * scale));
        for (var i = 0; i < pixels.Length; i++)
        {
            features[i] = (pixels[i] * factor) + offset;
        }
    }
}
