using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Deals the examples of a training set out to workers. Every example goes to exactly one worker and every worker
/// gets at least one; what it gets depends on the labels, the number of workers and the seed alone.
/// </summary>
public abstract class Partitioner
{
    private const string Expected =
        "equal, contiguous, label, label:SHARDS with SHARDS from 1, or dirichlet:ALPHA with ALPHA above 0";

    /// <summary>As <see cref="Parse"/> takes it.</summary>
    public abstract string Name { get; }

    /// <summary>Reads "equal", "contiguous", "label", "label:SHARDS" or "dirichlet:ALPHA".</summary>
    /// <exception cref="OrleansEdgeException">It is none of these (64).</exception>
    public static Partitioner Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, argument) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
        return (name, argument) switch
        {
            ("equal", null) => new EqualPartitioner(),
            ("contiguous", null) => new ContiguousPartitioner(),
            ("label", null) => new LabelPartitioner(),
            ("label", _) when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var shards)
                && shards >= 1 => new LabelPartitioner(shards),
            ("dirichlet", _) when double.TryParse(
                argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha)
                && double.IsFinite(alpha) && alpha > 0 => new DirichletPartitioner(alpha),
            _ => throw OrleansEdgeException.Usage($"partition '{text}' is unknown; expected {Expected}"),
        };
    }

    /// <summary>Deals the examples out.</summary>
    /// <returns>[worker][its rows].</returns>
    /// <exception cref="OrleansEdgeException">There are no workers or more workers than examples (64).</exception>
    public int[][] Partition(ExampleSet examples, int workers, ulong seed)
    {
        if (workers < 1 || workers > examples.Count)
        {
            throw OrleansEdgeException.Usage(
                $"{workers} workers; expected 1 to {examples.Count}, the number of training examples of "
                + examples.Name);
        }
        return Deal(examples, workers, seed);
    }

    /// <summary>Deals at least one example to each of 1 to <see cref="ExampleSet.Count"/> workers.</summary>
    private protected abstract int[][] Deal(ExampleSet examples, int workers, ulong seed);

    /// <summary>Cuts rows into consecutive pieces whose lengths differ by at most one.</summary>
    private protected static int[][] Cut(ReadOnlySpan<int> rows, int pieces)
    {
        var result = new int[pieces][];
        for (var i = 0; i < pieces; i++)
        {
            var first = (int)((long)rows.Length * i / pieces);
            var end = (int)((long)rows.Length * (i + 1) / pieces);
            result[i] = rows[first..end].ToArray();
        }
        return result;
    }

    private protected static int[] AllRows(ExampleSet examples) => [.. Enumerable.Range(0, examples.Count)];
}
