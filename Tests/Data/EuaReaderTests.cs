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
    [InlineData("LATITUDE;LONGITUDE\n-37,8;144,9\n",
        "sites.csv:1: semicolons between the columns of \"LATITUDE;LONGITUDE\"; expected commas")]
    [InlineData("LATITUDE\tLONGITUDE\n-37.8\t144.9\n", "sites.csv:1: tabs between the columns")]
    [InlineData("LATITUDE,LONGITUDE\n144.9,-37.8\n",
        "sites.csv:2: latitude \"144.9\" and longitude \"-37.8\" are swapped")]
    [InlineData("LATITUDE,LONGITUDE\n-37.8,244.9\n",
        "sites.csv:2: longitude \"244.9\"; expected degrees from -180 to 180")]
    [InlineData("LATITUDE,LONGITUDE\n-37.8,\n", "sites.csv:2: longitude \"\"")]
    [InlineData("LATITUDE,LONGITUDE\n-37.8,-Infinity\n", "sites.csv:2: longitude \"-Infinity\"")]
    [InlineData("LATITUDE,LAT,LONGITUDE\n1,2,3\n", "sites.csv:1: columns LATITUDE and LAT; expected one of them")]
    [InlineData("SITE_ID,LATITUDE,LONGITUDE\n7,1,2\n8,1,2\n\n7,1,2\n",
        "sites.csv:5: SITE_ID 7 as on line 2; expected a different one")]
    [InlineData("LATITUDE,LONGITUDE,NAME\n1,2,\"cut off\n3,4,five\n",
        "sites.csv:2: a quote that does not end; expected a second one")]
    [InlineData("-37.8,144.9\n-37.9,144.9\n", "sites.csv:1: no column LATITUDE in \"-37.8,144.9\"")]
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

    [Theory]
    [InlineData("SITE_ID,LATITUDE,LONGITUDE,NAME\n7,-37.8,144.9,\"Corner Spring St, Flinders St\"\n")]
    [InlineData("\uFEFF\"Name\",\"Longitude\",\"Site_Id\",\"Latitude\"\r\n\"Corner Spring St, Flinders St\",\"144.9\",\"7\",\"-37.8\"\r\n")]
    [InlineData("\n\r\n SITE_ID , LATITUDE , LON , NAME \n\n7, -37.8 ,144.9 , \"Corner Spring St, Flinders St\" \n\n,,,\n\n")]
    [InlineData("LAT,LNG,SITE_ID,HEIGHT,NAME\n-3.78e1,144.9,7,,\"Corner Spring St, Flinders St\"")]
    public void Sites_are_read_as_csv_allows(string text)
    {
        var path = Path.Combine(_folder, "sites.csv");
        File.WriteAllText(path, text);
        Assert.Equal(
            [new EdgeSite("7", "Corner Spring St, Flinders St", new GeoPoint(-37.8, 144.9))], EuaReader.ReadSites(path));
    }

    [Fact]
    public void Quotes_are_taken_off_and_doubled_ones_are_halved_even_over_lines()
    {
        var path = Path.Combine(_folder, "sites.csv");
        File.WriteAllText(path, "NAME,LATITUDE,LONGITUDE\n\"the \"\"Wall\"\"\nof glass\",1,2\n\"\",3,400\n");
        var error = Assert.Throws<OrleansEdgeException>(() => EuaReader.ReadSites(path));
        Assert.StartsWith("sites.csv:4: longitude \"400\"", error.Message, StringComparison.Ordinal);
        File.WriteAllText(path, "NAME,LATITUDE,LONGITUDE\n\"the \"\"Wall\"\"\nof glass\",1,2\n\"\",3,40\n");
        Assert.Equal(["the \"Wall\"\nof glass", ""], EuaReader.ReadSites(path).Select(site => site.Name));
    }

    [Fact]
    public void Places_that_lie_in_the_border_only_when_swapped_are_refused()
    {
        var border = new GeoPolygon("border.csv", [new(48.1, 11.5), new(48.2, 11.5), new(48.2, 11.7), new(48.1, 11.7)]);
        var path = Path.Combine(_folder, "users.csv");
        File.WriteAllText(path, "Latitude,Longitude\n48.15,11.6\n11.6,48.15\n");
        Assert.Equal(2, EuaReader.ReadUsers(path).Length);
        foreach (var read in new Action[] { () => EuaReader.ReadUsers(path, border), () => EuaReader.ReadSites(path, border) })
        {
            var error = Assert.Throws<OrleansEdgeException>(read);
            Assert.Equal(ExitCode.Data, error.ExitCode);
            Assert.StartsWith(
                "users.csv:3: latitude 11.6 and longitude 48.15 lie in border.csv only when swapped", error.Message,
                StringComparison.Ordinal);
        }
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
