namespace OrleansEdge.Client.CommandLine;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate of least edit distance to <paramref name="name"/>, or null when even that one differs in more than
    /// a third of its letters, at least two.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var (best, least) = ((string?)null, int.MaxValue);
        foreach (var candidate in candidates)
        {
            var distance = Distance(name, candidate);
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }
        return best is not null && least <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>Edit distance with swaps of neighbours (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }
                var change = distances[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(change, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distances[i, j] = Math.Min(distances[i, j], 1 + distances[i - 2, j - 2]);
                }
            }
        }
        return distances[a.Length, b.Length];
    }
}
