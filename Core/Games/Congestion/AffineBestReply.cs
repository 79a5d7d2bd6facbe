using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// Best replies of players with affine costs, over all resources at once: a row of slopes and one of offsets per player
/// against the current loads plus one, in vectors. Scalar and vector code round alike, so that the result does not
/// depend on the machine.
/// </summary>
internal sealed class AffineBestReply
{
    private readonly AffinePlayerSpecificCosts _costs;
    private readonly double[] _join;

    public AffineBestReply(AffinePlayerSpecificCosts costs, int[]? start)
    {
        _costs = costs;
        Loads = new int[costs.ResourceCount];
        Assignment = new int[costs.PlayerCount];
        _join = [.. Enumerable.Repeat(1.0, costs.ResourceCount)];
        for (var player = 0; player < Assignment.Length; player++)
        {
            var resource = start is null ? IndexOfCost(player, LeastJoinCost(player)) : start[player];
            Assignment[player] = resource;
            AddLoad(resource, 1);
        }
    }

    public int[] Assignment { get; }

    public int[] Loads { get; }

    /// <summary>
    /// One turn for every player, from a first player on by a stride that shares no factor with their number.
    /// </summary>
    public long Sweep(int first, int stride)
    {
        var moves = 0L;
        var player = first;
        for (var turn = 0; turn < Assignment.Length; turn++)
        {
            var least = LeastJoinCost(player);
            if (least < Cost(player))
            {
                var target = IndexOfCost(player, least);
                AddLoad(Assignment[player], -1);
                AddLoad(target, 1);
                Assignment[player] = target;
                moves++;
            }
            player += stride;
            player -= player >= Assignment.Length ? Assignment.Length : 0;
        }
        return moves;
    }

    public EquilibriumCertificate Certify(StopReason reason)
    {
        var tally = new RegretTally(0);
        for (var player = 0; player < Assignment.Length; player++)
        {
            tally.Add(Cost(player) - LeastJoinCost(player));
        }
        return tally.ToCertificate(0, reason) with { ProfileHash = ProfileHash.Of(Assignment) };
    }

    private double Cost(int player) => _costs.At(player, Assignment[player], Loads[Assignment[player]]);

    /// <summary>
    /// The least cost at one more than the load, over all resources. The player's own is among them, which does no
    /// harm: it costs no less than what the player pays now.
    /// </summary>
    private double LeastJoinCost(int player)
    {
        var slopes = _costs.Slopes(player);
        var offsets = _costs.Offsets(player);
        var width = Vector<float>.Count;
        var half = Vector<double>.Count;
        var least = new Vector<double>(double.PositiveInfinity);
        var i = 0;
        for (; i <= slopes.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(slopes[i..]), out var lowSlopes, out var highSlopes);
            Vector.Widen(new Vector<float>(offsets[i..]), out var lowOffsets, out var highOffsets);
            ref var join = ref MemoryMarshal.GetArrayDataReference(_join);
            least = Vector.Min(least, Vector.FusedMultiplyAdd(
                lowSlopes, Vector.LoadUnsafe(ref join, (nuint)i), lowOffsets));
            least = Vector.Min(least, Vector.FusedMultiplyAdd(
                highSlopes, Vector.LoadUnsafe(ref join, (nuint)(i + half)), highOffsets));
        }
        var result = double.PositiveInfinity;
        for (var lane = 0; lane < half; lane++)
        {
            result = Math.Min(result, least[lane]);
        }
        for (; i < slopes.Length; i++)
        {
            result = Math.Min(result, Math.FusedMultiplyAdd(slopes[i], _join[i], offsets[i]));
        }
        return result;
    }

    private int IndexOfCost(int player, double cost)
    {
        var slopes = _costs.Slopes(player);
        var offsets = _costs.Offsets(player);
        var resource = 0;
        while (Math.FusedMultiplyAdd(slopes[resource], _join[resource], offsets[resource]) != cost)
        {
            resource++;
        }
        return resource;
    }

    private void AddLoad(int resource, int change)
    {
        Loads[resource] += change;
        _join[resource] = Loads[resource] + 1;
    }
}
