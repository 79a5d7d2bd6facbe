using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Data.Tntp;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>
/// Prices of anarchy: the literature's bounds, the games that meet them, random games, and road networks.
/// </summary>
internal sealed class PriceOfAnarchy() : GameReproduction(10_000, "random games of each class")
{
    private static readonly double[] Nonatomic = [1.333333, 1.625752, 1.895628, 2.150502, 2.394383, 2.629721];
    private static readonly double[] Atomic = [2.5, 9.583333, 41.535714, 267.643204, 1513.569510];
    private static readonly double[] Weighted = [2.618034, 9.909268, 47.818634, 276.992793, 1858.282366];
    private static readonly double[] Demands = [.. Enumerable.Range(1, 20).Select(tenths => tenths / 10.0)];

    public override string Name => "price-of-anarchy";

    public override string Title => "Price of anarchy of congestion games";

    public override string Description =>
        "Bounds by degree, the games that meet them, random games by enumeration, Pigou, Braess and SiouxFalls.";

    protected override GameData Data => GameData.Transport;

    protected override GameFindings Find(GameScale scale)
    {
        var rows = AnarchyGames.Draw(scale, out var triangles);
        var pigou = Enumerable.Range(1, 6).Select(AnarchyGames.Pigou).ToArray();
        var claims = new List<Claim>();
        claims.AddRange(Constants());
        claims.AddRange(TightGames(pigou));
        claims.Add(new Claim(
            "random games above their class's bound", "none", Quantity.Count(rows.Sum(row => row.AboveBound)),
            rows.All(row => row.AboveBound == 0)));
        var roads = Roads(scale);
        claims.AddRange(roads.SelectMany(road => road.Claims));
        var page = new ResultPage(Title, Description)
            .Fact("Affine, atomic", Claim.Digits(AnarchyGames.Tight(1, 1).PriceOfAnarchy ?? double.NaN),
                "met by four players on three nodes")
            .Fact("Affine, nonatomic", pigou[0].ToString("0.000000", CultureInfo.InvariantCulture),
                "met by Pigou's two links");
        foreach (var road in roads)
        {
            page.Fact(road.Name, road.AtDemandOne.ToString("0.000000", CultureInfo.InvariantCulture),
                "equilibrium over optimum");
        }
        page.Section("Bounds and games", $"{Quantity.Count(scale.Runs)} random games of each class, seeds from "
            + $"{scale.Seed} on: four players with three sets of one to three of five resources each, every profile "
            + "looked at; flow over two to five parallel links for nonatomic games. Typical games are far from the "
            + "bounds.")
            .Add(Bounds(rows, pigou)).Add(Histogram(triangles)).Add(Table(rows));
        page.Section("Road networks", roads.Count == 1
            ? "SiouxFalls is left out: its files were not found."
            : "Little or much demand costs nothing to leave to the drivers; in between it does.");
        page.Add(Curves(roads));
        page.Section("Statements").Add(Claim.Table(scale, "Numbers that must come out", claims));
        return new GameFindings(page, rows, claims, roads.Sum(road => road.Uncertified));
    }

    private static IEnumerable<Claim> Constants()
    {
        foreach (var (name, values, bound) in new (string, double[], Func<int, double>)[]
        {
            ("nonatomic", Nonatomic, PriceOfAnarchyBounds.NonatomicPolynomial),
            ("atomic", Atomic, PriceOfAnarchyBounds.AtomicPolynomial),
            ("weighted", Weighted, PriceOfAnarchyBounds.WeightedPolynomial),
        })
        {
            for (var d = 1; d <= values.Length; d++)
            {
                var ours = Math.Round(bound(d), 6);
                yield return new Claim($"bound, {name}, degree {d}", Six(values[d - 1]), Six(ours),
                    Six(ours) == Six(values[d - 1]));
            }
        }
    }

    private static IEnumerable<Claim> TightGames(double[] pigou)
    {
        var (affine, golden) = (AnarchyGames.Tight(1, 1), AnarchyGames.Tight(1597, 987));
        yield return new Claim(
            "tight affine game, equilibrium and optimum", "10 and 4",
            $"{Claim.Digits(affine.WorstEquilibriumCost)} and {Claim.Digits(affine.OptimumCost)}",
            affine.WorstEquilibriumCost == 10 && affine.OptimumCost == 4);
        yield return Claim.Near("tight affine game, weights 1597 and 987", PriceOfAnarchyBounds.WeightedPolynomial(1),
            golden.PriceOfAnarchy ?? double.NaN, 1e-6);
        for (var d = 1; d <= pigou.Length; d++)
        {
            yield return Claim.Near($"Pigou, x^{d} and 1", PriceOfAnarchyBounds.NonatomicPolynomial(d), pigou[d - 1],
                1e-6);
        }
    }

    private sealed record Road(string Name, double[] Demand, double[] Prices, double AtDemandOne, Claim[] Claims,
        int Uncertified);

    private static List<Road> Roads(GameScale scale)
    {
        List<Road> roads = [Solve(scale, "Braess", Braess(), new TravelDemand(2, [new Trips(1, 2, 6)]),
            (equilibrium, optimum) =>
            [
                Claim.Near("Braess, equilibrium", 552, equilibrium.TotalTravelTime, 1e-8),
                Claim.Near("Braess, optimum", 498, optimum.TotalTravelTime, 1e-8),
            ])];
        var net = Path.Combine(scale.DataFolder, "SiouxFalls_net.tntp");
        if (scale.DataFolder.Length > 0 && File.Exists(net))
        {
            var network = TntpNetworkReader.Read(net);
            var trips = TntpTripsReader.Read(Path.Combine(scale.DataFolder, "SiouxFalls_trips.tntp"), network);
            roads.Add(Solve(scale, "SiouxFalls", network.Network, trips.Demand, (equilibrium, optimum) =>
            [
                Claim.Near("SiouxFalls, Beckmann's objective", 4_231_335.287107, equilibrium.Wardrop.Objective, 1e-10),
                Claim.Near("SiouxFalls, equilibrium", 7_480_225.344921, equilibrium.TotalTravelTime, 1e-8),
                Claim.Near("SiouxFalls, optimum", 7_194_256.052893, optimum.TotalTravelTime, 1e-8),
                Claim.Near("SiouxFalls, price of anarchy", 1.039750,
                    equilibrium.TotalTravelTime / optimum.TotalTravelTime, 1e-6),
            ]));
        }
        return roads;
    }

    private static Road Solve(
        GameScale scale, string name, TrafficNetwork network, TravelDemand demand,
        Func<TrafficEquilibrium, TrafficEquilibrium, IEnumerable<Claim>> check)
    {
        var solved = scale.ForEach(Demands.Length, i => AnarchyGames.Both(network, Scaled(demand, Demands[i])));
        var one = Array.IndexOf(Demands, 1);
        var (equilibrium, twice) = (solved[one].Equilibrium, solved[^1].Optimum);
        Claim[] claims =
        [
            .. check(equilibrium, solved[one].Optimum),
            new($"{name}, equilibrium against the optimum of twice the demand", "not more",
                Quantity.Percent(equilibrium.TotalTravelTime / twice.TotalTravelTime),
                equilibrium.TotalTravelTime <= twice.TotalTravelTime),
        ];
        var prices = solved.Select(pair => pair.Equilibrium.TotalTravelTime / pair.Optimum.TotalTravelTime).ToArray();
        var uncertified = solved.Count(
            pair => !pair.Equilibrium.Wardrop.IsEquilibrium || !pair.Optimum.Wardrop.IsEquilibrium);
        return new Road(name, Demands, prices, prices[one], claims, uncertified);
    }

    private static TravelDemand Scaled(TravelDemand demand, double factor) =>
        new(demand.ZoneCount, demand.Pairs.Select(pair => pair with { Flow = factor * pair.Flow }));

    /// <summary>Braess (1968): costs 10 x, 50 + x and 10 + x.</summary>
    private static TrafficNetwork Braess() => new("Braess", 2, 4, 1,
    [
        AnarchyGames.Link(1, 3, 1e-8, 10, 1), AnarchyGames.Link(1, 4, 50, 1, 1), AnarchyGames.Link(3, 2, 50, 1, 1),
        AnarchyGames.Link(3, 4, 10, 1, 1), AnarchyGames.Link(4, 2, 1e-8, 10, 1),
    ]);

    private static LineChart Bounds(AnarchyRow[] rows, double[] pigou)
    {
        Series Bound(string name, int degrees, Func<int, double> bound) => new(
            name + ", bound", [.. Enumerable.Range(1, degrees).Select(d => (double)d)],
            [.. Enumerable.Range(1, degrees).Select(bound)]);
        Series Worst(string name, int like)
        {
            var found = rows.Where(row => row.Class == name).ToArray();
            return new Series(
                name + ", worst random game", [.. found.Select(row => (double)row.Degree)],
                [.. found.Select(row => row.LargestPriceOfAnarchy)])
            {
                Points = true,
                Like = like,
            };
        }
        return new LineChart("Price of anarchy by degree", new Axis("degree of the costs"),
            new Axis("price of anarchy", AxisScale.Log),
        [
            Bound("nonatomic", 6, PriceOfAnarchyBounds.NonatomicPolynomial),
            Bound("atomic", 5, PriceOfAnarchyBounds.AtomicPolynomial),
            Bound("weighted", 5, PriceOfAnarchyBounds.WeightedPolynomial),
            Worst("nonatomic", 0), Worst("atomic", 1), Worst("weighted", 2),
            new("Pigou's network", [1, 2, 3, 4, 5, 6], pigou) { Points = true },
        ]);
    }

    private static LineChart Histogram(AnarchyGames.Price[] prices)
    {
        const int bins = 15;
        var counts = new double[bins + 1];
        foreach (var price in prices)
        {
            counts[Math.Clamp((int)((price.Anarchy - 1) * 10), 0, bins)] += 1.0 / prices.Length;
        }
        return new LineChart(
            "Four players on three nodes: how often which price", new Axis("price of anarchy"),
            new Axis("share of games", AxisScale.Linear, AxisFormat.Percent),
            [new Series("games", [.. Enumerable.Range(0, bins + 1).Select(bin => 1 + (0.1 * bin))],
                counts) { Steps = true }])
        {
            Note = "Links cost x or nothing; the bound is 2.5.",
        };
    }

    private static LineChart Curves(List<Road> roads) => new(
        "Price of anarchy over demand", new Axis("demand, as a share of the network's own"),
        new Axis("price of anarchy"),
        [.. roads.Select(road => new Series(road.Name, road.Demand, road.Prices))])
    {
        Wide = true,
    };

    private static ReportTable Table(AnarchyRow[] rows) => new(
        ["Class", "Degree", "Bound", "Mean", "Largest", "Largest price of stability", "Games", "Without equilibrium",
            "Optimum 0"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Class, Quantity.Count(row.Degree), Quantity.Number(row.Bound),
                Quantity.Number(row.MeanPriceOfAnarchy),
                Quantity.Number(row.LargestPriceOfAnarchy), Quantity.Number(row.LargestPriceOfStability),
                Quantity.Count(row.Games),
                Quantity.Count(row.GamesWithoutEquilibrium),
                Quantity.Count(row.GamesWithoutPrice),
            ]),
        ])
    {
        Title = "Random games",
        Note = "Nonatomic equilibria all cost the same: no price of stability of their own.",
    };

    private static string Six(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);
}
