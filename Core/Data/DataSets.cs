using System.Collections.Immutable;

namespace OrleansEdge.Core.Data;

/// <summary>One file of a data set.</summary>
/// <param name="Name">On the mirrors and on disk.</param>
/// <param name="ContentBytes">Length of the content, uncompressed.</param>
/// <param name="ContentSha256">
/// Of the uncompressed content, lower-case hexadecimal: gzip wrappers differ between copies.
/// </param>
public sealed record DataFileDescriptor(string Name, long ContentBytes, string ContentSha256);

/// <summary>A public data set that <c>oe data get</c> downloads.</summary>
/// <param name="Name">As <c>--data</c> takes it.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Origin">Who made it.</param>
/// <param name="Licence">The terms of use, as far as they are stated.</param>
/// <param name="Mirrors">Folders that hold the files, tried in order; each ends with a slash.</param>
public sealed record DataSetDescriptor(
    string Name,
    string Description,
    string Origin,
    string Licence,
    ImmutableArray<Uri> Mirrors,
    ImmutableArray<DataFileDescriptor> Files);

/// <summary>The data sets that can be downloaded.</summary>
public static class DataSets
{
    public static DataSetDescriptor Mnist { get; } = new(
        "mnist",
        "handwritten digits: 60,000 training and 10,000 test images of 28 x 28 grey pixels, ten classes",
        "Yann LeCun, Corinna Cortes, Christopher J.C. Burges: The MNIST database of handwritten digits",
        "none stated by the authors; free for research, often republished under CC BY-SA 3.0",
        [
            new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
        [
            new("train-images-idx3-ubyte.gz", 47_040_016,
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte.gz", 60_008,
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte.gz", 7_840_016,
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte.gz", 10_008,
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ]);

    /// <summary>All of them, by name.</summary>
    public static ImmutableArray<DataSetDescriptor> All { get; } = [Mnist];

    /// <exception cref="OrleansEdgeException">No data set has that name (64).</exception>
    public static DataSetDescriptor Get(string name) =>
        All.FirstOrDefault(set => set.Name == name)
        ?? throw OrleansEdgeException.Usage(
            $"data set '{name}' is unknown; expected one of {string.Join(", ", All.Select(set => set.Name))}");
}
