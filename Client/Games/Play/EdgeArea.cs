using System.CommandLine;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Client.Games.Play;

/// <summary>Sites of edge servers, places of users and the border around them.</summary>
internal sealed record EdgeArea(string Name, EdgeSite[] Sites, GeoPoint[] Places, GeoPolygon Border)
{
    /// <summary>Name of the Melbourne data among data sets.</summary>
    public const string Melbourne = "eua";

    private const string SiteFile = "site-optus-melbCBD.csv";
    private const string UserFile = "users-melbcbd-generated.csv";
    private const string BorderFile = "melbcbd-boundary.csv";
    private const int MadeSites = 125;
    private const int MadePlaces = 816;

    public static CheckedOption<string?> Flag() => Options.Text(
        "--data",
        $"'{Melbourne}', 'synthetic', or a folder with {SiteFile}, {UserFile} and {BorderFile} "
        + $"(default: {Melbourne} where it is found).",
        "a name or folder", "NAME");

    /// <summary>The first sites of the data, as many as the option says; its default is as many as there are.</summary>
    /// <exception cref="OrleansEdgeException">More are asked for than there are (65).</exception>
    public GeoPoint[] FirstSites(Invocation invocation, Option<int> count)
    {
        var asked = invocation.Value(count);
        return asked <= Sites.Length || !invocation.IsGiven(count)
            ? SitePlaces[..Math.Min(Sites.Length, asked)]
            : throw OrleansEdgeException.WrongData(
                $"{count.Name} is {asked}; the data of {Name} holds {Sites.Length} sites");
    }

    public GeoPoint[] SitePlaces => Array.ConvertAll(Sites, site => site.Location);

    /// <summary>What the option names; when it is not given, Melbourne where it is found and else made up.</summary>
    /// <exception cref="OrleansEdgeException">Data that was asked for is missing (66) or wrong (65).</exception>
    public static EdgeArea Find(Invocation invocation, Option<string?> flag)
    {
        var data = invocation.Value(flag);
        if (data == DataCatalog.Synthetic)
        {
            return Made();
        }
        string[] folders = data is not null && (data.StartsWith('.') || data.Contains('/'))
            ? [data]
            : [.. invocation.Environment.Data.Roots.Append("").Select(root => Path.Combine(root, data ?? Melbourne))];
        if (Array.Find(folders, folder => File.Exists(Path.Combine(folder, SiteFile))) is { } found)
        {
            return Timed.Made(invocation, () => Read(found));
        }
        return data is null ? Made() : throw OrleansEdgeException.MissingInput(
            $"--data is {data}: no {SiteFile} in {string.Join(", ", folders)}; expected the EUA data set or 'synthetic'");
    }

    /// <summary>Places in metres east and north of the south-west corner, for maps.</summary>
    public Place ToPlace(GeoPoint point, string group, string label)
    {
        var corner = new GeoPoint(Border.South, Border.West);
        var (north, east) = (point.LatitudeDegrees - Border.South, point.LongitudeDegrees - Border.West);
        var eastMeters = corner.DistanceMeters(corner with { LongitudeDegrees = point.LongitudeDegrees });
        return new Place(Math.CopySign(eastMeters, east), north * GeoPoint.MetersPerDegree, group, label);
    }

    private static EdgeArea Read(string folder)
    {
        var border = EuaReader.ReadBoundary(Path.Combine(folder, BorderFile));
        return new(
            $"Melbourne ({Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))})",
            EuaReader.ReadSites(Path.Combine(folder, SiteFile), border),
            EuaReader.ReadUsers(Path.Combine(folder, UserFile), border), border);
    }

    /// <summary>
    /// A made-up centre of 2.2 by 1.6 km with as many sites and users as Melbourne's; always the same.
    /// </summary>
    private static EdgeArea Made()
    {
        var corner = new GeoPoint(-37.822, 144.951);
        var border = new GeoPolygon(
            "made-up centre", [corner, corner.Moved(0, 2200), corner.Moved(1600, 2200), corner.Moved(1600, 0)]);
        var random = new RandomStream(1, "play.area");
        var sites = new EdgeSite[MadeSites];
        for (var site = 0; site < sites.Length; site++)
        {
            sites[site] = new EdgeSite($"{site + 1}", "", border.UniformPoint(ref random));
        }
        var places = new GeoPoint[MadePlaces];
        foreach (ref var place in places.AsSpan())
        {
            place = border.UniformPoint(ref random);
        }
        return new("a made-up centre", sites, places, border);
    }
}
