namespace OrleansEdge.Core.Offloading.ServicePlacement;

/// <summary>
/// The exact Gibbs distribution over all placements of a small slot: p_f = exp(-beta O_f) / sum exp(-beta O), the
/// minimiser of the mean objective less entropy / beta.
/// </summary>
/// <param name="Probabilities">[sites^users]; user 0 is the lowest digit.</param>
/// <param name="Objectives">O: [sites^users].</param>
/// <param name="MeanObjective">Expected objective.</param>
public sealed record GibbsDistribution(double[] Probabilities, double[] Objectives, double MeanObjective)
{
    private const int MaxPlacements = 1 << 20;

    /// <exception cref="OrleansEdgeException">There are more than 2^20 placements (65).</exception>
    public static GibbsDistribution Of(PlacementSlot slot, double beta)
    {
        var count = Math.Pow(slot.Sites, slot.Users);
        if (count > MaxPlacements)
        {
            throw OrleansEdgeException.WrongData(
                $"{count} placements; the exact distribution takes up to {MaxPlacements}");
        }
        var objectives = new double[(int)count];
        for (var code = 0; code < objectives.Length; code++)
        {
            objectives[code] = new PlacementGame(slot, Decode(slot, code)).Objective;
        }
        var logs = Array.ConvertAll(objectives, objective => -beta * objective);
        var total = MarkovApproximation.LogSumExp(logs);
        var probabilities = Array.ConvertAll(logs, log => Math.Exp(log - total));
        var mean = probabilities.Zip(objectives, (probability, objective) => probability * objective).Sum();
        return new GibbsDistribution(probabilities, objectives, mean);
    }

    /// <summary>The placement of an index.</summary>
    public static int[] Decode(PlacementSlot slot, int code)
    {
        var sites = new int[slot.Users];
        for (var user = 0; user < sites.Length; user++, code /= slot.Sites)
        {
            sites[user] = code % slot.Sites;
        }
        return sites;
    }

    /// <summary>The index of a placement.</summary>
    public static int Encode(PlacementSlot slot, ReadOnlySpan<int> sites)
    {
        var code = 0;
        for (var user = sites.Length - 1; user >= 0; user--)
        {
            code = (code * slot.Sites) + sites[user];
        }
        return code;
    }
}
