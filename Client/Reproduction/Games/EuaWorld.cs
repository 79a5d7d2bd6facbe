using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>
/// Instances of the user allocation problem on Melbourne. Small ones lie in the centre, on its sites and users. Large
/// ones lie in the whole metropolitan area, with users drawn uniformly among the places that the servers cover, because
/// those that were generated for the paper are not part of the data set; its 8 servers fill up, so most of its users
/// were
/// in their reach. Every user demands one unit in each dimension: the paper does not print its demands, but 8 servers
/// of
/// capacity 90 take some 700 users there, and 256 of capacity 10 some 2,400.
/// </summary>
internal sealed class EuaWorld
{
    private const int PoolSize = 131_312;
    private const double MediumReachMeters = 3000;
    private const int MediumSites = 8;
    private readonly Melbourne _city;
    private readonly GeoPoint[] _sites;
    private readonly (double Least, double Most)[] _radii;
    private readonly GeoPoint[] _pool;

    /// <exception cref="OrleansEdgeException">A file is missing (66) or has a wrong line (65).</exception>
    public EuaWorld(GameScale scale)
    {
        _city = Melbourne.Read(scale.DataFolder);
        var sites = EuaReader.ReadSites(Path.Combine(scale.DataFolder, "site-optus-melbmetro.csv"));
        _sites = [.. sites.Select(site => site.Location)];
        var boundary = EuaReader.ReadBoundary(Path.Combine(scale.DataFolder, "melbmetro-boundary.csv"));
        _radii = [.. _sites.Select(Radii)];
        _pool = scale.ForEach(Math.Min(PoolSize, 16 * scale.Size), i =>
        {
            var random = new RandomStream(scale.Seed, "eua.pool", (ulong)i);
            return boundary.UniformPoint(ref random);
        });
    }

    public Melbourne City => _city;

    /// <summary>An instance of one point of a set.</summary>
    public AllocationProblem Draw(EuaSet set, int point, ulong seed)
    {
        var (users, servers, capacity) = set.Settings[point];
        var options = new AllocationOptions
        {
            Users = users,
            Servers = servers,
            MeanCapacity = capacity,
            Demands = [1],
        };
        return set.IsSmall
            ? AllocationProblem.Draw(_city.Sites, _city.Users, options, seed) : Metropolitan(options, seed);
    }

    /// <summary>Radii of the paper by density: centre 450 to 750 m, medium 2 to 3 km, low 7 to 8 km.</summary>
    private (double Least, double Most) Radii(GeoPoint site) => _city.Centre.Contains(site) ? (450, 750)
        : _sites.Count(other => site.DistanceMeters(other) <= MediumReachMeters) > MediumSites ? (2000, 3000)
        : (7000, 8000);

    private AllocationProblem Metropolitan(AllocationOptions options, ulong seed)
    {
        var order = Enumerable.Range(0, _sites.Length).ToArray();
        var random = new RandomStream(seed, "eua.servers");
        random.Shuffle<int>(order);
        var chosen = order[..options.Servers];
        var radii = Array.ConvertAll(
            chosen, site => _radii[site].Least + ((_radii[site].Most - _radii[site].Least) * random.NextDouble()));
        GeoPoint[] servers = [.. chosen.Select(site => _sites[site])];
        var users = Covered(servers, radii, options.Users, ref random);
        var dimensions = options.DimensionWeights.Count;
        var capacities = new double[servers.Length * dimensions];
        for (var i = 0; i < capacities.Length; i++)
        {
            capacities[i] = Math.Max(0, options.MeanCapacity * (1 + (options.CapacitySpread * random.NextNormal())));
        }
        var demands = new int[users.Length * dimensions];
        Array.Fill(demands, options.Demands[0]);
        return new AllocationProblem(
            CoverageMap.Within(users, servers, radii), demands, [.. options.DimensionWeights], capacities,
            options.SharingBase, options.MostShared);
    }

    /// <summary>Places that a server covers; places that none covers where there are too few.</summary>
    private GeoPoint[] Covered(GeoPoint[] servers, double[] radii, int count, ref RandomStream random)
    {
        var order = (GeoPoint[])_pool.Clone();
        random.Shuffle<GeoPoint>(order);
        var coverage = CoverageMap.Within(order, servers, radii);
        var best = order.Index().OrderBy(place => coverage.Sites(place.Index).IsEmpty).Take(count);
        return [.. best.Select(place => place.Item)];
    }
}
