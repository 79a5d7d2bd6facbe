using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>The charts of <see cref="Eua"/>; rings are the paper's.</summary>
internal static class EuaCharts
{
    /// <summary>
    /// The game's allocation of all users of the centre, of modest capacities so that many servers are used.
    /// </summary>
    public static void AddMap(ResultPage page, EuaWorld world, ulong seed)
    {
        var city = world.City;
        var options = new AllocationOptions
        {
            Users = city.Users.Length,
            Servers = city.Sites.Length,
            MeanCapacity = 20,
        };
        var problem = AllocationProblem.Draw(city.Sites, city.Users, options, seed, out var sites, out var users);
        var game = new AllocationGame(problem, AllocationGoal.SystemCost);
        AllocationProtocol.Run(game, seed);
        var places = new List<Place>();
        for (var server = 0; server < sites.Length; server++)
        {
            var count = game.State.Counts[server];
            places.Add(At(sites[server], count > 0 ? "server in use" : "server without users",
                $"server {server}: {count} users") with
            {
                Size = count > 0 ? 6 : 4,
            });
        }
        var edges = new List<Edge>();
        for (var user = 0; user < users.Length; user++)
        {
            var server = game.State.Servers[user];
            var place = At(users[user], server >= 0 ? "user" : "user without server", $"user {user}");
            places.Add(place with { Size = 2.5 });
            if (server >= 0)
            {
                edges.Add(new Edge(places.Count - 1, server) { Width = 0.6 });
            }
        }
        var outcome = AllocationOutcome.Of(game.State);
        page.Add(new MapChart("The centre of Melbourne", places)
        {
            Note = $"{outcome.AllocatedUsers} of {users.Length} users on {outcome.ServersUsed} of {sites.Length} "
                + $"servers, mean capacity {options.MeanCapacity}; north is up, 1 km a unit.",
            Wide = true,
            Height = 620,
            Edges = edges,
        });

        Place At(GeoPoint point, string group, string label) => new(
            (point.LongitudeDegrees - city.Centre.West) * GeoPoint.MetersPerDegree
                * Math.Cos(point.LatitudeDegrees * Math.PI / 180) / 1000,
            (point.LatitudeDegrees - city.Centre.South) * GeoPoint.MetersPerDegree / 1000, group, label);
    }

    public static void AddSets(ResultPage page, EuaRow[] rows, bool isSmall)
    {
        foreach (var set in EuaSet.All.Where(set => set.IsSmall == isSmall))
        {
            var points = rows.Where(row => row.Set == set.Name).ToArray();
            if (points.Length < 2)
            {
                continue;
            }
            var axis = new Axis(set.Axis, isSmall || set.Axis == "capacity" ? AxisScale.Linear : AxisScale.Log);
            page.Add(Lines($"Set {set.Name}: allocated users", axis, "share of the users", set, points,
                means => means.AllocatedUsers, row => 1.0 / row.Users, set.PaperAllocated, AxisFormat.Percent))
                .Add(Lines($"Set {set.Name}: system cost", axis, "cost of a user", set, points,
                    means => means.SystemCost, row => 1.0 / row.Users, null, AxisFormat.Number));
            if (!isSmall)
            {
                page.Add(Iterations(set, axis, points));
                page.Add(Lines($"Set {set.Name}: servers used", axis, "servers", set, points,
                    means => means.ServersUsed, _ => 1, null,
                    AxisFormat.Number));
            }
        }
    }

    public static ReportTable Table(EuaRow[] rows) => new(
        [
            "Set", "Users", "Servers", "Capacity", "Allocated", "Optimal", "Greedy", "Random", "Cost", "Optimal",
            "Greedy", "Random",
            "Iterations", "Paper",
        ],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Set, Quantity.Count(row.Users), Quantity.Count(row.Servers), Quantity.Count(row.Capacity),
                Quantity.Number(row.Game.AllocatedUsers), Number(row.Optimal?.AllocatedUsers),
                Quantity.Number(row.Greedy.AllocatedUsers),
                Quantity.Number(row.Random.AllocatedUsers), Quantity.Number(row.Game.SystemCost),
                Number(row.Optimal?.SystemCost),
                Quantity.Number(row.Greedy.SystemCost), Quantity.Number(row.Random.SystemCost),
                Quantity.Number(row.Iterations),
                Number(row.PaperIterations),
            ]),
        ])
    {
        Title = "Means over the runs",
        Note = $"Optimal: branch and bound over users first, cost second; proven in "
            + $"{Quantity.Percent(Proven(rows), 1)} of the small instances, the best found in the others.",
    };

    private static double Proven(EuaRow[] rows) =>
        rows.Where(row => row.Optimal is not null).Average(row => row.ProvenShare);

    private static LineChart Lines(
        string title, Axis axis, string label, EuaSet set, EuaRow[] points, Func<EuaMeans, double> value,
        Func<EuaRow, double> factor,
        double[]? paper, AxisFormat format)
    {
        double[] x = [.. points.Select(X(set))];
        List<Series> series = [Of("game", row => row.Game), Of("greedy", row => row.Greedy),
            Of("random", row => row.Random)];
        if (points[0].Optimal is not null)
        {
            series.Add(Of("optimal", row => row.Optimal!));
        }
        if (paper is not null)
        {
            series.Add(new Series("game, paper", x, paper[..x.Length]) { Points = true, Like = 0 });
        }
        return new LineChart(title, axis, new Axis(label, AxisScale.Linear, format) { Least = 0 }, series);

        Series Of(string name, Func<EuaRow, EuaMeans> means) =>
            new(name, x, [.. points.Select(row => factor(row) * value(means(row)))]);
    }

    private static LineChart Iterations(EuaSet set, Axis axis, EuaRow[] points)
    {
        double[] x = [.. points.Select(X(set))];
        List<Series> series = [new("game", x, [.. points.Select(row => row.Iterations)])];
        if (set.PaperIterations is { } paper)
        {
            series.Add(new Series("game, paper", x, paper[..x.Length]) { Points = true, Like = 0 });
        }
        return new LineChart(
            $"Set {set.Name}: iterations", axis,
            new Axis("iterations", set.Axis == "users" ? AxisScale.Log : AxisScale.Linear), series);
    }

    private static Func<EuaRow, double> X(EuaSet set) =>
        row => set.Axis switch { "users" => row.Users, "servers" => row.Servers, _ => row.Capacity };

    private static string Number(double? value) => value is { } number ? Quantity.Number(number) : "–";
}
