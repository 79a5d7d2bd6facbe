namespace OrleansEdge.Core.Data;

/// <summary>
/// A folder with the four files of MNIST and its look-alikes, plain or gzip, under either usual spelling.
/// </summary>
internal static class IdxFolder
{
    private static readonly string[] Endings =
        ["-idx{0}-ubyte", "-idx{0}-ubyte.gz", ".idx{0}-ubyte", ".idx{0}-ubyte.gz"];

    public static bool IsComplete(string folder) =>
        FindFile(folder, "train-images", 3) is not null && FindFile(folder, "train-labels", 1) is not null
        && FindFile(folder, "t10k-images", 3) is not null && FindFile(folder, "t10k-labels", 1) is not null;

    /// <exception cref="OrleansEdgeException">A file is missing (66) or wrong (65).</exception>
    public static TrainTestPair Read(string folder, string name)
    {
        var train = ReadPair(folder, "train", name);
        var test = ReadPair(folder, "t10k", name);
        return train.FeatureCount == test.FeatureCount
            ? new(train, test)
            : throw OrleansEdgeException.WrongData(
                $"{Require(folder, "t10k-images", 3)}: images of {test.FeatureCount} pixels; "
                + $"expected {train.FeatureCount} as in " + Require(folder, "train-images", 3));
    }

    private static ExampleSet ReadPair(string folder, string part, string name) => IdxReader.ReadPair(
        Require(folder, $"{part}-images", 3), Require(folder, $"{part}-labels", 1), name);

    private static string Require(string folder, string stem, int dimensions) =>
        FindFile(folder, stem, dimensions) ?? throw OrleansEdgeException.MissingInput(
            $"{folder}: no {stem}-idx{dimensions}-ubyte or {stem}-idx{dimensions}-ubyte.gz; "
            + "expected a folder with IDX files");

    private static string? FindFile(string folder, string stem, int dimensions) => Endings
        .Select(ending => stem + ending.Replace("{0}", $"{dimensions}", StringComparison.Ordinal))
        .Select(file => Path.Combine(folder, file))
        .FirstOrDefault(File.Exists);
}
