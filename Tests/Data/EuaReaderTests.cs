using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class EuaReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eua").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_Melbourne_files_hold_125_sites_and_816_users()
    {
        var folder = TestData.Folder("eua");
        Assert.SkipWhen(folder is null, "the EUA data set is not here");
        var sites = EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbCBD.csv"));
        var users = EuaReader.ReadUsers(Path.Combine(folder, "users-melbcbd-generated.csv"));
        Assert.Equal((125, 816), (sites.Length, users.Length));
        Assert.Equal("10003026", sites[0].Id);
        Assert.StartsWith("Spring and Flinders", sites[0].Name, StringComparison.Ordinal);
        var nearest = users.Select(user => sites.Min(site => site.Location.DistanceMeters(user))).ToArray();
        Assert.Equal(65.18, nearest.Average(), 0.005);
        Assert.Equal(184.63, nearest.Max(), 0.005);
        Assert.Equal(1464, EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbmetro.csv")).Length);
    }

    [Theory]
    [InlineData(100, 683, 1.995, 8, 1628)]
    [InlineData(150, 807, 4.347, 12, 3547)]
    [InlineData(200, 816, 7.575, 20, 6181)]
    [InlineData(300, 816, 15.857, 32, 12939)]
    [InlineData(450, 816, 31.741, 54, 25901)]
    [InlineData(600, 816, 49.812, 79, 40647)]
    [InlineData(750, 816, 67.828, 95, 55348)]
    public void Coverage_counts_are_those_of_the_data_set(double radius, int covered, double mean, int most, int pairs)
    {
        var folder = TestData.Folder("eua");
        Assert.SkipWhen(folder is null, "the EUA data set is not here");
        var sites = EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbCBD.csv"));
        var users = EuaReader.ReadUsers(Path.Combine(folder, "users-melbcbd-generated.csv"));
        var map = CoverageMap.Within(users, [.. sites.Select(site => site.Location)], [radius]);
        Assert.Equal((covered, pairs), (map.CoveredUsers, map.PairCount));
        Assert.Equal(mean, (double)map.PairCount / users.Length, 0.00051);
        Assert.Equal(most, Enumerable.Range(0, users.Length).Max(user => map.Sites(user).Length));
    }

    [Fact]
    public void Every_site_and_every_drawn_point_lies_inside_the_boundary()
    {
        var folder = TestData.Folder("eua");
        Assert.SkipWhen(folder is null, "the EUA data set is not here");
        var metro = EuaReader.ReadBoundary(Path.Combine(folder, "melbmetro-boundary.csv"));
        var cbd = EuaReader.ReadBoundary(Path.Combine(folder, "melbcbd-boundary.csv"));
        Assert.All(EuaReader.ReadSites(Path.Combine(folder, "site-optus-melbmetro.csv")),
            site => Assert.True(metro.Contains(site.Location)));
        var random = new RandomStream(1, "points");
        Assert.All(Enumerable.Range(0, 200), _ => Assert.True(cbd.Contains(cbd.UniformPoint(ref random))));
    }

    [Theory]
    [InlineData("LATITUDE,LONGITUDE\n-37.8,144.9\n-37.9\n", "sites.csv:3: 1 columns")]
    [InlineData("LATITUDE,LONGITUDE\n-37.8,14x.9\n", "sites.csv:2: longitude \"14x.9\"")]
    [InlineData("LATITUDE,LONGITUDE\nNaN,144.9\n", "sites.csv:2: latitude \"NaN\"")]
    [InlineData("LATITUDE,LONGITUDE\n-97.8,144.9\n", "sites.csv:2: latitude \"-97.8\"")]
    [InlineData("LATITUDE,LENGTH\n-37.8,144.9\n", "sites.csv:1: no column LONGITUDE")]
    [InlineData("LATITUDE,LONGITUDE\n", "sites.csv: no rows")]
    [InlineData("", "sites.csv: no rows")]
    public void A_wrong_line_is_named_with_file_line_and_value(string text, string expected)
    {
        var path = Path.Combine(_folder, "sites.csv");
        File.WriteAllText(path, text);
        var error = Assert.Throws<OrleansEdgeException>(() => EuaReader.ReadSites(path));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_missing_input()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => EuaReader.ReadUsers(Path.Combine(_folder, "none.csv")));
        Assert.Equal(ExitCode.MissingInput, error.ExitCode);
    }

    [Fact]
    public void The_grid_finds_what_a_full_search_finds()
    {
        var random = new RandomStream(7, "grid");
        var area = new GeoPolygon("square", [new(-38, 144), new(-37, 144), new(-37, 146), new(-38, 146)]);
        var users = Enumerable.Range(0, 300).Select(_ => area.UniformPoint(ref random)).ToArray();
        var sites = Enumerable.Range(0, 200).Select(_ => area.UniformPoint(ref random)).ToArray();
        var radii = Enumerable.Range(0, 200).Select(_ => 20_000 * random.NextDouble()).ToArray();
        var map = CoverageMap.Within(users, sites, radii);
        for (var user = 0; user < users.Length; user++)
        {
            var expected = Enumerable.Range(0, 200).Where(s => users[user].DistanceMeters(sites[s]) <= radii[s]);
            Assert.Equal(expected, map.Sites(user).ToArray());
        }
    }
}
