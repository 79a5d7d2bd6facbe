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
    private const int TurnsBetweenChecks = 1 << 12;
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
    public long Sweep(int first, int stride, CancellationToken stop)
    {
        var moves = 0L;
        var player = first;
        for (var turn = 0; turn < Assignment.Length; turn++)
        {
            if (turn % TurnsBetweenChecks == 0 && stop.IsCancellationRequested)
            {
                break;
            }
            var (least, cost) = (LeastJoinCost(player), Cost(player));
            if (least <= cost && BestReply(player, least) is var target && target != Assignment[player])
            {
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
        var (tally, settled) = (new RegretTally(0), 0);
        for (var player = 0; player < Assignment.Length; player++)
        {
            var (least, from) = (LeastJoinCost(player), Assignment[player]);
            var to = least <= Cost(player) ? BestReply(player, least) : from;
            if (to == from)
            {
                settled++;
            }
            else
            {
                tally.Add(_costs.Saving(player, from, Loads[from], to, Loads[to] + 1));
            }
        }
        tally.Add(default, settled);
        return tally.ToCertificate(reason) with { ProfileHash = ProfileHash.Of(Assignment) };
    }

    /// <summary>
    /// The resource that is cheapest to join, or the player's own unless that is cheaper; equal doubles are compared
    /// without rounding.
    /// </summary>
    private int BestReply(int player, double least)
    {
        var slopes = _costs.Slopes(player);
        var offsets = _costs.Offsets(player);
        var (best, load) = (Assignment[player], Loads[Assignment[player]]);
        for (var resource = 0; resource < slopes.Length; resource++)
        {
            if (Math.FusedMultiplyAdd(slopes[resource], _join[resource], offsets[resource]) == least
                && resource != Assignment[player]
                && _costs.Compare(player, resource, Loads[resource] + 1, best, load) < 0)
            {
                (best, load) = (resource, Loads[resource] + 1);
            }
        }
        return best;
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
