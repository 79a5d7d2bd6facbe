namespace OrleansEdge.Core.Data;

/// <summary>
/// Which sites cover which users: compressed rows, a user's sites in ascending order. Built with a grid of cells as
/// wide as the largest radius, so that every user looks at nine cells.
/// </summary>
public sealed class CoverageMap
{
    private readonly int[] _starts;
    private readonly int[] _sites;

    private CoverageMap(int[] starts, int[] sites, int siteCount) =>
        (_starts, _sites, SiteCount) = (starts, sites, siteCount);

    public int UserCount => _starts.Length - 1;

    public int SiteCount { get; }

    /// <summary>User-site pairs in coverage.</summary>
    public int PairCount => _sites.Length;

    /// <summary>Users that at least one site covers.</summary>
    public int CoveredUsers => Enumerable.Range(0, UserCount).Count(user => _starts[user + 1] > _starts[user]);

    /// <summary>The sites that cover a user, ascending.</summary>
    public ReadOnlySpan<int> Sites(int user) => _sites.AsSpan(_starts[user].._starts[user + 1]);

    /// <summary>From given lists, such as small hand-made cases.</summary>
    /// <param name="sitesOfUsers">Per user the covering sites; sorted and made distinct here.</param>
    public static CoverageMap From(IReadOnlyList<IReadOnlyList<int>> sitesOfUsers, int siteCount)
    {
        var (starts, sites) = (new int[sitesOfUsers.Count + 1], new List<int>());
        for (var user = 0; user < sitesOfUsers.Count; user++)
        {
            sites.AddRange(sitesOfUsers[user].Distinct().Order());
            starts[user + 1] = sites.Count;
        }
        var wrong = sites.FindIndex(site => site < 0 || site >= siteCount);
        return wrong < 0 ? new CoverageMap(starts, [.. sites], siteCount) : throw OrleansEdgeException.WrongData(
            $"coverage: site {sites[wrong]}; expected 0 to {siteCount - 1}");
    }

    /// <summary>Every site covers the users within its own radius (great-circle distance, border included).</summary>
    /// <param name="radiiMeters">[sites], or one for all.</param>
    public static CoverageMap Within(
        ReadOnlySpan<GeoPoint> users, ReadOnlySpan<GeoPoint> sites, ReadOnlySpan<double> radiiMeters)
    {
        if (radiiMeters.Length != 1 && radiiMeters.Length != sites.Length)
        {
            throw OrleansEdgeException.WrongData($"coverage: {radiiMeters.Length} radii for {sites.Length} sites");
        }
        foreach (var radius in radiiMeters)
        {
            if (!(radius >= 0) || double.IsInfinity(radius))
            {
                throw OrleansEdgeException.WrongData(
                    FormattableString.Invariant($"coverage: radius {radius} m; expected a finite number, 0 or more"));
            }
        }
        var grid = new SiteGrid(sites, MaxOf(radiiMeters));
        var (starts, pairs) = (new int[users.Length + 1], new List<int>());
        var near = new List<int>();
        for (var user = 0; user < users.Length; user++)
        {
            near.Clear();
            grid.CollectNear(users[user], near);
            near.Sort();
            foreach (var site in near)
            {
                if (users[user].DistanceMeters(sites[site]) <= radiiMeters[radiiMeters.Length == 1 ? 0 : site])
                {
                    pairs.Add(site);
                }
            }
            starts[user + 1] = pairs.Count;
        }
        return new CoverageMap(starts, [.. pairs], sites.Length);
    }

    private static double MaxOf(ReadOnlySpan<double> values)
    {
        var max = 0.0;
        foreach (var value in values)
        {
            max = Math.Max(max, value);
        }
        return max;
    }
}
