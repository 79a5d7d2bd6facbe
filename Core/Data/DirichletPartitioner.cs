using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Unequal amounts of each label: for every class, the workers' shares of its examples are one draw of the symmetric
/// Dirichlet distribution (Yurochkin et al., ICML 2019, section 5.1). Small alpha gives each class to few workers,
/// large alpha tends to equal parts. A worker left with nothing then takes one example from whoever has the most.
/// </summary>
public sealed class DirichletPartitioner : Partitioner
{
    private readonly double _alpha;

    /// <param name="alpha">The concentration, above 0.</param>
    public DirichletPartitioner(double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        _alpha = alpha;
    }

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"dirichlet:{_alpha}");

    private protected override int[][] Deal(ExampleSet examples, int workers, ulong seed)
    {
        var parts = new List<int>[workers];
        for (var worker = 0; worker < workers; worker++)
        {
            parts[worker] = [];
        }
        var shares = new double[workers];
        foreach (var group in AllRows(examples).GroupBy(examples.Label))
        {
            var random = new RandomStream(seed, "partition/dirichlet", (ulong)group.Key);
            int[] rows = [.. group];
            random.Shuffle<int>(rows);
            DrawDirichlet(_alpha, shares, ref random);
            DealByShares(rows, shares, parts);
        }
        FeedTheEmpty(parts);
        return [.. parts.Select(part => part.ToArray())];
    }

    /// <summary>
    /// Normalised gamma draws, kept as logarithms so that a small alpha does not turn all of them into zero.
    /// </summary>
    internal static void DrawDirichlet(double alpha, Span<double> shares, ref RandomStream random)
    {
        var largest = double.NegativeInfinity;
        foreach (ref var share in shares)
        {
            share = LogGamma(alpha, ref random);
            largest = Math.Max(largest, share);
        }
        var sum = 0.0;
        foreach (ref var share in shares)
        {
            share = Math.Exp(share - largest);
            sum += share;
        }
        foreach (ref var share in shares)
        {
            share /= sum;
        }
    }

    /// <summary>
    /// The logarithm of a gamma draw of scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000); below shape 1 it is the
    /// draw of shape + 1 times U^(1/shape).
    /// </summary>
    internal static double LogGamma(double shape, ref RandomStream random)
    {
        var boost = 0.0;
        if (shape < 1)
        {
            boost = Math.Log(1 - random.NextDouble()) / shape;
            shape += 1;
        }
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var root = 1 + (c * x);
            var v = root * root * root;
            if (root > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return Math.Log(d * v) + boost;
            }
        }
    }

    private static void DealByShares(int[] rows, double[] shares, List<int>[] parts)
    {
        var (first, cumulative) = (0, 0.0);
        for (var worker = 0; worker < parts.Length; worker++)
        {
            cumulative += shares[worker];
            var last = worker == parts.Length - 1;
            var end = last ? rows.Length : Math.Min((int)(cumulative * rows.Length), rows.Length);
            parts[worker].AddRange(rows.AsSpan(first, end - first));
            first = end;
        }
    }

    private static void FeedTheEmpty(List<int>[] parts)
    {
        var byCount = new PriorityQueue<int, (int, int)>();
        for (var worker = 0; worker < parts.Length; worker++)
        {
            byCount.Enqueue(worker, (-parts[worker].Count, worker));
        }
        foreach (var empty in parts.Where(part => part.Count == 0))
        {
            var giver = byCount.Dequeue();
            empty.Add(parts[giver][^1]);
            parts[giver].RemoveAt(parts[giver].Count - 1);
            byCount.Enqueue(giver, (-parts[giver].Count, giver));
        }
    }
}
