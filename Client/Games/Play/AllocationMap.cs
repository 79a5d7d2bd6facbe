using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Client.Games.Play;

/// <summary>A map of servers, users and who is on which.</summary>
internal static class AllocationMap
{
    private const int MostUsers = 3_000;

    /// <param name="sites">[servers].</param>
    /// <param name="users">[users].</param>
    /// <param name="servers">[users]: server, or -1.</param>
    public static MapChart Of(EdgeArea area, GeoPoint[] sites, GeoPoint[] users, int[] servers)
    {
        var (counts, reach) = (new int[sites.Length], new double[sites.Length]);
        foreach (var (user, server) in servers.Index().Where(pair => pair.Item >= 0))
        {
            counts[server]++;
            reach[server] = Math.Max(reach[server], sites[server].DistanceMeters(users[user]));
        }
        var (places, edges) = (new List<Place>(), new List<Edge>());
        foreach (var (server, site) in sites.Index())
        {
            places.Add(area.ToPlace(
                site, counts[server] > 0 ? "server in use" : "idle server",
                $"server {server}: {counts[server]} users") with
            {
                Size = 4 + (2 * Math.Sqrt(counts[server])),
                Reach = reach[server],
            });
        }
        for (var user = 0; user < Math.Min(servers.Length, MostUsers); user++)
        {
            var server = servers[user];
            places.Add(area.ToPlace(
                users[user], server < 0 ? "user without a server" : "user", $"user {user}") with
            {
                Size = 2.5,
            });
            if (server >= 0)
            {
                edges.Add(new Edge(places.Count - 1, server) { Width = 0.6 });
            }
        }
        return new MapChart($"Servers and users of {area.Name}", places)
        {
            Note = "In metres; lines join users and their servers, discs reach to a server's farthest user.",
            Edges = edges,
            Wide = true,
            Height = 640,
        };
    }
}
