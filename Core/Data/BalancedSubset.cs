namespace OrleansEdge.Core.Data;

/// <summary>Chooses fewer training examples without upsetting the classes' shares.</summary>
internal static class BalancedSubset
{
    /// <summary>
    /// Takes the first <paramref name="count"/> of one order in which every class, shuffled, advances at the pace of
    /// its share, and gives them back in the order of the whole set. A smaller choice lies within a larger one.
    /// </summary>
    /// <exception cref="OrleansEdgeException">There are not that many examples (64).</exception>
    public static ExampleSet Take(ExampleSet whole, int count, ulong seed)
    {
        if (count < 1 || count > whole.Count)
        {
            throw OrleansEdgeException.Usage(
                $"--train-examples {count}: expected 1 to {whole.Count} for {whole.Name}, or 0 for all");
        }
        var pace = new (double Position, int Row)[whole.Count];
        foreach (var group in Enumerable.Range(0, whole.Count).GroupBy(whole.Label))
        {
            int[] rows = [.. group];
            new RandomStream(seed, "subset", (ulong)group.Key).Shuffle<int>(rows);
            for (var i = 0; i < rows.Length; i++)
            {
                pace[rows[i]] = ((i + 0.5) / rows.Length, rows[i]);
            }
        }
        int[] chosen = [.. pace.Order().Take(count).Select(place => place.Row).Order()];
        return whole.Subset(chosen);
    }
}
