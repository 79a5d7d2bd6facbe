namespace OrleansEdge.Core.Games.Congestion;

/// <summary>
/// The equilibrium of a symmetric singleton game with non-decreasing costs, by water-filling: the n cheapest of all
/// values c_r(k) are filled up, which minimises Rosenthal's potential. The level is found by bisection over the
/// doubles, so that what is left to decide are exact ties.
/// </summary>
public static class SymmetricSingletonSolver
{
    /// <summary>Distributes players over resources.</summary>
    /// <param name="costs">[resources] non-decreasing costs.</param>
    /// <param name="playerCount">At least 1.</param>
    /// <param name="stop">Ends it with <see cref="StopReason.Stopped"/> and a split that is no equilibrium.</param>
    /// <exception cref="OrleansEdgeException">There is no player or resource, or a cost is not finite (65).</exception>
    public static SymmetricEquilibrium Solve(
        ReadOnlySpan<LoadCost> costs, int playerCount, CancellationToken stop = default)
    {
        var (below, reach) = FindLevel(costs, playerCount, stop);
        var loads = new int[costs.Length];
        if (stop.IsCancellationRequested)
        {
            // A level that was not found leaves nearly all players to be put in order, which takes long.
            for (var resource = 0; resource < loads.Length; resource++)
            {
                loads[resource] = (playerCount / loads.Length) + (resource < playerCount % loads.Length ? 1 : 0);
            }
            return new SymmetricEquilibrium(loads, reach, Certify(costs, loads, StopReason.Stopped));
        }
        var left = playerCount;
        for (var resource = 0; resource < costs.Length; resource++)
        {
            loads[resource] = costs[resource].LargestLoadAtMost(below, playerCount);
            left -= loads[resource];
        }
        FillTies(costs, loads, left, Array.ConvertAll(
            costs.ToArray(), cost => cost.LargestLoadAtMost(reach, playerCount)), stop);
        return new SymmetricEquilibrium(loads, reach, Certify(
            costs, loads, stop.IsCancellationRequested ? StopReason.Stopped : StopReason.Equilibrium));
    }

    /// <summary>
    /// Distributes the last players over places that cost the same double: those of the least cost without rounding
    /// first, and among equals by the number of the resource.
    /// </summary>
    /// <param name="most">[resources] the loads up to which there are such places.</param>
    /// <param name="stop">Leaves the order out.</param>
    private static void FillTies(
        ReadOnlySpan<LoadCost> costs, int[] loads, int left, int[] most, CancellationToken stop)
    {
        if (HasRoundedPlace(costs, loads, most))
        {
            left = FillInOrder(costs, loads, left, most, stop);
        }
        for (var resource = 0; left > 0; resource++)
        {
            var taken = Math.Min(most[resource] - loads[resource], left);
            loads[resource] += taken;
            left -= taken;
        }
    }

    private static bool HasRoundedPlace(ReadOnlySpan<LoadCost> costs, int[] loads, int[] most)
    {
        for (var resource = 0; resource < loads.Length; resource++)
        {
            var (cost, place) = (costs[resource], loads[resource] + 1);
            if (place <= most[resource] && !(cost.IsExactAt(place) && cost.IsExactAt(most[resource])))
            {
                return true;
            }
        }
        return false;
    }

    /// <returns>The players that are left when it is stopped; else 0.</returns>
    private static int FillInOrder(
        ReadOnlySpan<LoadCost> costs, int[] loads, int left, int[] most, CancellationToken stop)
    {
        var all = new PriorityQueue<int, Place>();
        for (var resource = 0; resource < loads.Length && !stop.IsCancellationRequested; resource++)
        {
            if (loads[resource] < most[resource])
            {
                all.Enqueue(resource, new Place(costs[resource], loads[resource] + 1, resource));
            }
        }
        for (; left > 0 && !stop.IsCancellationRequested; left--)
        {
            var resource = all.Dequeue();
            if (++loads[resource] < most[resource])
            {
                all.Enqueue(resource, new Place(costs[resource], loads[resource] + 1, resource));
            }
        }
        return left;
    }

    /// <summary>
    /// Two neighbouring doubles: at the lower fewer than all players find room, at the upper at least all.
    /// </summary>
    private static (double Below, double Reach) FindLevel(
        ReadOnlySpan<LoadCost> costs, int playerCount, CancellationToken stop)
    {
        if (costs.IsEmpty || playerCount < 1)
        {
            throw OrleansEdgeException.WrongData(
                $"{playerCount} players on {costs.Length} resources; expected at least 1 of each");
        }
        var (lowest, highest) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var resource = 0; resource < costs.Length; resource++)
        {
            var (first, last) = (costs[resource].At(1), costs[resource].At(playerCount));
            if (!double.IsFinite(first) || !double.IsFinite(last))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"resource {resource}: cost {first} at load 1 and {last} at {playerCount}; expected finite numbers"));
            }
            lowest = Math.Min(lowest, first);
            highest = Math.Min(highest, last);
        }
        var (low, high) = (Order(lowest) - 1, Order(highest));
        while (high - low > 1 && !stop.IsCancellationRequested)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = HasRoom(costs, FromOrder(middle), playerCount, stop) ? (low, middle) : (middle, high);
        }
        return (FromOrder(low), FromOrder(high));
    }

    private static bool HasRoom(
        ReadOnlySpan<LoadCost> costs, double level, int playerCount, CancellationToken stop)
    {
        var room = 0L;
        foreach (var cost in costs)
        {
            room += cost.LargestLoadAtMost(level, playerCount);
            if (room >= playerCount || stop.IsCancellationRequested)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The rank of a double among all doubles; 0 for both zeros.</summary>
    private static Int128 Order(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits >= 0 ? bits : -(Int128)(bits & long.MaxValue);
    }

    private static double FromOrder(Int128 order) =>
        order >= 0 ? BitConverter.Int64BitsToDouble((long)order) : -BitConverter.Int64BitsToDouble((long)-order);

    /// <summary>A player's regret is its resource's cost less the least cost of joining any other.</summary>
    private static EquilibriumCertificate Certify(ReadOnlySpan<LoadCost> costs, int[] loads, StopReason reason)
    {
        var (least, second) = (-1, -1);
        var potential = 0.0;
        for (var resource = 0; resource < loads.Length; resource++)
        {
            potential += costs[resource].SumTo(loads[resource]);
            if (least < 0 || IsCheaperToJoin(costs, loads, resource, least))
            {
                (least, second) = (resource, least);
            }
            else if (second < 0 || IsCheaperToJoin(costs, loads, resource, second))
            {
                second = resource;
            }
        }
        var tally = new RegretTally(0);
        for (var resource = 0; resource < loads.Length; resource++)
        {
            var other = resource == least ? second : least;
            tally.Add(loads[resource] == 0 || other < 0 ? default : RegretOn(costs, loads, resource, other), loads[resource]);
        }
        return tally.ToCertificate(reason) with
        {
            PotentialEnd = potential,
            ProfileHash = ProfileHash.Of(loads),
        };
    }

    private static bool IsCheaperToJoin(ReadOnlySpan<LoadCost> costs, int[] loads, int one, int other) =>
        LoadCost.Compare(costs[one], loads[one] + 1, costs[other], loads[other] + 1) < 0;

    private static Regret RegretOn(ReadOnlySpan<LoadCost> costs, int[] loads, int resource, int other)
    {
        var (from, to, load, joined) = (costs[resource], costs[other], loads[resource], loads[other] + 1);
        return LoadCost.Compare(from, load, to, joined) <= 0 ? default
            : from.IsExactAt(load) && to.IsExactAt(joined) ? Regret.Between(from.At(load), 0, to.At(joined), 0)
            : Regret.Of(from.ExactAt(load) - to.ExactAt(joined));
    }
}

/// <summary>The next place on a resource, ordered by its cost without rounding, then by the resource.</summary>
internal readonly record struct Place(LoadCost Cost, int Load, int Resource) : IComparable<Place>
{
    public int CompareTo(Place other) => LoadCost.Compare(Cost, Load, other.Cost, other.Load) is var order && order != 0
        ? order
        : Resource.CompareTo(other.Resource);
}

/// <summary>An equilibrium of players that are all alike.</summary>
/// <param name="Loads">[resources] how many players each has.</param>
/// <param name="Level">No used resource costs more than this, and none could be joined for less.</param>
/// <param name="Certificate">Its hash is that of <paramref name="Loads"/>.</param>
public sealed record SymmetricEquilibrium(int[] Loads, double Level, EquilibriumCertificate Certificate)
{
    /// <summary>[players] one assignment with these loads: the first players on resource 0 and so on.</summary>
    public int[] Assign()
    {
        var assignment = new int[Loads.Sum()];
        var next = 0;
        for (var resource = 0; resource < Loads.Length; resource++)
        {
            assignment.AsSpan(next, Loads[resource]).Fill(resource);
            next += Loads[resource];
        }
        return assignment;
    }
}
