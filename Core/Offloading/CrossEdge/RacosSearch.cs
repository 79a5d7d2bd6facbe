namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>How the randomized coordinate shrinking samples; the defaults are those of the released code.</summary>
public sealed record RacosOptions
{
    /// <summary>Samples of an iteration, 2 or more.</summary>
    public int Samples { get; init; } = 20;

    /// <summary>Iterations, 1 or more.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Best samples that count as positive, 1 to <see cref="Samples"/>.</summary>
    public int Positives { get; init; } = 1;

    /// <summary>Probability that a sample comes from the shrunk region rather than from everywhere, 0 to 1.</summary>
    public double ShrinkProbability { get; init; } = 0.99;

    /// <summary>Bits that stay free in the region, 1 or more.</summary>
    public int UncertainBits { get; init; } = 1;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.Within(Samples, 2, 1_000_000);
        Check.Within(Iterations, 1, 1_000_000);
        Check.Within(Positives, 1, Samples);
        Check.Within(ShrinkProbability, 0, 1);
        Check.AtLeast(UncertainBits, 1);
    }
}

/// <summary>
/// The paper's solver: sampling and classification by randomized coordinate shrinking (Yu, Qian, Hu, AAAI 2016) over
/// the bits of all tasks and sites in reach. A sample that breaks a limit is repaired: a site keeps its first users, a
/// task that then misses its deadline or energy is dropped.
/// </summary>
public static class RacosSearch
{
    /// <summary>The best selections sampled.</summary>
    /// <param name="stop">Ends the sampling.</param>
    public static CrossEdgeState Solve(
        CrossEdgeSlot slot, RacosOptions options, ref RandomStream random, CancellationToken stop = default)
    {
        options.Validate();
        var bits = slot.Tasks.Sum(task => task.Links.Length);
        var kept = new List<(bool[] Bits, CrossEdgeState State, double Objective)> { Repair(slot, new bool[bits]) };
        for (var iteration = 0; iteration < options.Iterations && bits > 0; iteration++)
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }
            var positives = kept.GetRange(0, Math.Min(kept.Count, options.Positives));
            var negatives = kept.GetRange(positives.Count, kept.Count - positives.Count);
            for (var i = 0; i < options.Samples; i++)
            {
                var positive = positives[random.NextInt(positives.Count)].Bits;
                var sample = random.NextDouble() < options.ShrinkProbability
                    ? Shrunk(positive, negatives, options.UncertainBits, ref random)
                    : Uniform(bits, ref random);
                kept.Add(Repair(slot, sample));
            }
            kept = [.. kept.OrderBy(sample => sample.Objective).Take(options.Samples)];
        }
        return kept[0].State;
    }

    // Fixes random bits of the positive until no negative is in the region and few enough bits are free; draws those.
    private static bool[] Shrunk(
        bool[] positive, List<(bool[] Bits, CrossEdgeState State, double Objective)> negatives, int free,
        ref RandomStream random)
    {
        var order = Enumerable.Range(0, positive.Length).ToArray();
        random.Shuffle<int>(order);
        var inside = negatives.Where(negative => !negative.Bits.SequenceEqual(positive)).ToList();
        var isFixed = 0;
        while (isFixed < order.Length && (inside.Count > 0 || order.Length - isFixed > free))
        {
            var bit = order[isFixed++];
            inside.RemoveAll(negative => negative.Bits[bit] != positive[bit]);
        }
        var sample = (bool[])positive.Clone();
        foreach (var bit in order.AsSpan(Math.Min(isFixed, order.Length - 1)))
        {
            sample[bit] = random.NextInt(2) == 1;
        }
        return sample;
    }

    private static bool[] Uniform(int bits, ref RandomStream random)
    {
        var sample = new bool[bits];
        for (var bit = 0; bit < bits; bit++)
        {
            sample[bit] = random.NextInt(2) == 1;
        }
        return sample;
    }

    private static (bool[] Bits, CrossEdgeState State, double Objective) Repair(CrossEdgeSlot slot, bool[] bits)
    {
        var state = new CrossEdgeState(slot);
        var start = 0;
        for (var task = 0; task < slot.Tasks.Length; task++)
        {
            var links = Enumerable.Range(0, slot.Tasks[task].Links.Length)
                .Where(link => bits[start + link] && state.HasPlace(task, link)).ToArray();
            state.Select(task, SiteSelection.OrDropped(slot, task, links));
            start += slot.Tasks[task].Links.Length;
        }
        return (bits, state, state.Objective);
    }
}
