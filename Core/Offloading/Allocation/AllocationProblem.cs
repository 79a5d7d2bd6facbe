using OrleansEdge.Core.Data;

namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>
/// An instance of edge user allocation: coverage, demands, weights, capacities and the sharing curve, in fixed point,
/// so that costs and capacities are exact. Immutable.
/// </summary>
public sealed class AllocationProblem
{
    /// <summary>One in fixed point of the sharing curve and of capacities.</summary>
    public const long One = 1L << 24;

    private const double WeightOne = 1 << 12;
    private readonly int[] _demands;
    private readonly int[] _weights;
    private readonly long[] _capacities;
    private readonly long[] _kept;

    /// <param name="coverage">Which servers a user can be allocated to.</param>
    /// <param name="demands">omega: [users x dimensions], units, at least 0.</param>
    /// <param name="weights">lambda: [users x dimensions], or [dimensions] for all users alike; 0 to 1.</param>
    /// <param name="capacities">c: [servers x dimensions], units, at least 0.</param>
    /// <exception cref="OrleansEdgeException">A length or value is wrong (65).</exception>
    public AllocationProblem(
        CoverageMap coverage, int[] demands, double[] weights, double[] capacities,
        double sharingBase, double mostShared)
    {
        Coverage = coverage;
        Dimensions = coverage.SiteCount == 0 ? 0 : capacities.Length / coverage.SiteCount;
        RequireShapes(demands, weights, capacities);
        _demands = demands;
        _capacities = [.. capacities.Select((capacity, i) => capacity >= 0 && capacity <= int.MaxValue
            ? (long)Math.Floor(capacity * One)
            : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"server {i / Dimensions}: capacity {capacity} in dimension {i % Dimensions}; expected 0 or more")))];
        _weights = new int[demands.Length];
        for (var i = 0; i < demands.Length; i++)
        {
            var weight = weights[weights.Length == Dimensions ? i % Dimensions : i];
            _weights[i] = demands[i] >= 0 && weight is >= 0 and <= 1
                ? (int)Math.Round(weight * demands[i] * WeightOne)
                : throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"user {i / Dimensions}: demand {demands[i]}, weight {weight}; expected 0 or more, and 0 to 1"));
        }
        _kept = new long[coverage.UserCount + 2];
        for (var users = 0; users < _kept.Length; users++)
        {
            _kept[users] = One - (long)Math.Round(Shared(users, sharingBase, mostShared) * One);
        }
    }

    public CoverageMap Coverage { get; }

    public int Users => Coverage.UserCount;

    public int Servers => Coverage.SiteCount;

    public int Dimensions { get; }

    /// <summary>
    /// One unit of weighted demand in the integers of <see cref="Weights"/> times <see cref="Kept"/>.
    /// </summary>
    public static double CostUnit => WeightOne * One;

    /// <summary>omega of a user: [dimensions], units.</summary>
    public ReadOnlySpan<int> Demands(int user) => _demands.AsSpan(user * Dimensions, Dimensions);

    /// <summary>lambda omega of a user in fixed point: [dimensions].</summary>
    public ReadOnlySpan<int> Weights(int user) => _weights.AsSpan(user * Dimensions, Dimensions);

    /// <summary>c of a server in units of 1 / <see cref="One"/>: [dimensions].</summary>
    public ReadOnlySpan<long> Capacities(int server) => _capacities.AsSpan(server * Dimensions, Dimensions);

    /// <summary>
    /// 1 - f(y): the share of its demand that each of y users of a server still takes, of <see cref="One"/>.
    /// </summary>
    public long Kept(int users) => _kept[users];

    /// <summary>
    /// Draws servers from the sites and users from the places, both without repetition, with the demands, radii and
    /// capacities of the options.
    /// </summary>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or more users or servers are asked for than there are (65).
    /// </exception>
    public static AllocationProblem Draw(
        ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<GeoPoint> places, AllocationOptions options, ulong seed) =>
        Draw(sites, places, options, seed, out _, out _);

    /// <summary>The same, and where the servers and users are.</summary>
    /// <param name="servers">[servers].</param>
    /// <param name="users">[users].</param>
    public static AllocationProblem Draw(
        ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<GeoPoint> places, AllocationOptions options, ulong seed,
        out GeoPoint[] servers, out GeoPoint[] users)
    {
        options.Validate();
        servers = Choose(sites, options.Servers, "sites", seed);
        users = Choose(places, options.Users, "places of users", seed);
        var (dimensions, radii) = (options.DimensionWeights.Count, new double[servers.Length]);
        var capacities = new double[servers.Length * dimensions];
        for (var server = 0; server < servers.Length; server++)
        {
            var random = new RandomStream(seed, "allocation.server", (ulong)server);
            var width = options.MostCoverageMeters - options.LeastCoverageMeters;
            radii[server] = options.LeastCoverageMeters + (width * random.NextDouble());
            for (var k = 0; k < dimensions; k++)
            {
                capacities[(server * dimensions) + k] =
                    Math.Max(0, options.MeanCapacity * (1 + (options.CapacitySpread * random.NextNormal())));
            }
        }
        var demands = new int[users.Length * dimensions];
        for (var i = 0; i < demands.Length; i++)
        {
            var random = new RandomStream(seed, "allocation.user", (ulong)(i / dimensions), (ulong)(i % dimensions));
            demands[i] = options.Demands[random.NextInt(options.Demands.Count)];
        }
        return new AllocationProblem(
            CoverageMap.Within(users, servers, radii), demands, [.. options.DimensionWeights], capacities,
            options.SharingBase, options.MostShared);
    }

    // f(y) = -log_x(y) percent; 0 for one user, so that sharing starts with the second.
    private static double Shared(int users, double sharingBase, double mostShared) =>
        users < 2 ? 0 : Math.Min(mostShared, Math.Log(users) / -Math.Log(sharingBase) / 100);

    private static GeoPoint[] Choose(ReadOnlySpan<GeoPoint> points, int count, string what, ulong seed)
    {
        if (count > points.Length)
        {
            throw OrleansEdgeException.WrongData($"{count} {what} asked for; the data holds {points.Length}");
        }
        var random = new RandomStream(seed, "allocation." + what);
        var order = points.ToArray();
        random.Shuffle<GeoPoint>(order);
        return order[..count];
    }

    private void RequireShapes(int[] demands, double[] weights, double[] capacities)
    {
        if (Dimensions == 0 || capacities.Length != Servers * Dimensions || demands.Length != Users * Dimensions
            || (weights.Length != Dimensions && weights.Length != demands.Length))
        {
            throw OrleansEdgeException.WrongData(
                $"{demands.Length} demands, {weights.Length} weights, {capacities.Length} capacities for "
                + $"{Users} users and {Servers} servers; expected the same number of dimensions for each");
        }
    }
}
