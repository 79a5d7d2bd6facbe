using OrleansEdge.Core;
using OrleansEdge.Core.Games.Analysis;
using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Games.Network;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Prices of one class of random games.</summary>
internal sealed record AnarchyRow
{
    public required string Class { get; init; }

    public required int Degree { get; init; }

    /// <summary>No game of the class has a larger price of anarchy.</summary>
    public required double Bound { get; init; }

    /// <summary>Games with an equilibrium and an optimum above 0.</summary>
    public required int Games { get; init; }

    public required int GamesWithoutEquilibrium { get; init; }

    /// <summary>Games whose optimum costs nothing, so that the price is undefined.</summary>
    public required int GamesWithoutPrice { get; init; }

    public required double MeanPriceOfAnarchy { get; init; }

    public required double LargestPriceOfAnarchy { get; init; }

    public required double LargestPriceOfStability { get; init; }

    /// <summary>Games whose price exceeds the bound: a fault.</summary>
    public required int AboveBound { get; init; }
}

/// <summary>The games whose prices of anarchy are compared with the bounds.</summary>
internal static class AnarchyGames
{
    private const int Players = 4;
    private const int ResourceCount = 5;

    /// <summary>A price of anarchy and of stability; not numbers where they are undefined.</summary>
    public readonly record struct Price(double Anarchy, double Stability, bool HasEquilibrium = true);

    /// <summary>
    /// Four players on three nodes who meet the bound of 5/2 (Awerbuch, Azar, Epstein 2005), and with weights in the
    /// golden ratio that of 1 + phi: u to v and u to w weigh more, v to w and w to v less.
    /// </summary>
    /// <param name="heavy">Weight of the first two, at least 1.</param>
    /// <param name="light">Weight of the last two, at least 1.</param>
    public static EquilibriumEnumeration Tight(long heavy, long light)
    {
        var graph = new DirectedGraph(3, [0, 0, 1, 2, 1, 2], [1, 2, 2, 1, 0, 0]);
        Traveller[] players = [new(0, 1), new(0, 2), new(1, 2), new(2, 1)];
        return EquilibriumEnumeration.Of(new WeightedCongestionGame(
            [heavy, heavy, light, light], [Load, Load, Load, Load, None, None],
            [.. players.Select(player => SimplePaths.Between(graph, player.Source, player.Target))]));
    }

    /// <summary>Random sets of resources whose costs are a x^degree + b, every player alike.</summary>
    public static Price Atomic(int degree, ulong seed) => Enumerated("anarchy.atomic", degree, seed, weighted: false);

    /// <summary>The same for players of weights 1 to 9.</summary>
    public static Price Weighted(int degree, ulong seed) =>
        Enumerated("anarchy.weighted", degree, seed, weighted: true);

    /// <summary>Four players between random nodes of three, on links that cost x or nothing.</summary>
    public static Price Triangle(ulong seed)
    {
        var random = new RandomStream(seed, "anarchy.triangle");
        var graph = new DirectedGraph(3, [0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]);
        var costs = new LoadCost[6];
        for (var link = 0; link < costs.Length; link++)
        {
            costs[link] = LoadCost.Affine(random.NextInt(2));
        }
        var players = new Traveller[Players];
        for (var player = 0; player < players.Length; player++)
        {
            var source = random.NextInt(3);
            players[player] = new Traveller(source, (source + 1 + random.NextInt(2)) % 3);
        }
        return PriceOf(EquilibriumEnumeration.Of(SimplePaths.ToCongestionGame(graph, costs, players)));
    }

    /// <summary>Flow over two to five parallel links whose costs are a + b x^degree.</summary>
    public static Price Nonatomic(int degree, ulong seed)
    {
        var random = new RandomStream(seed, "anarchy.nonatomic", (ulong)degree);
        var links = new TrafficLink[2 + random.NextInt(4)];
        for (var link = 0; link < links.Length; link++)
        {
            links[link] = Monomial(0.01 + random.NextDouble(), 2 * random.NextDouble(), degree);
        }
        return new Price(Anarchy(links, demand: 1), double.NaN);
    }

    /// <summary>Pigou's two links, x^degree and 1: the worst nonatomic network.</summary>
    public static double Pigou(int degree) => Anarchy([Monomial(1e-12, 1, degree), Monomial(1, 0, 1)], demand: 1);

    /// <summary>The classes, each drawn <see cref="GameScale.Runs"/> times.</summary>
    public static AnarchyRow[] Draw(GameScale scale, out Price[] histogram)
    {
        var prices = scale.ForEach(scale.Runs, i => Triangle(scale.Seed + (ulong)i));
        histogram = prices;
        List<AnarchyRow> rows = [Row("atomic, three nodes", 1, PriceOfAnarchyBounds.AtomicPolynomial(1), prices)];
        for (var degree = 1; degree <= 3; degree++)
        {
            var d = degree;
            rows.Add(Row("atomic", d, PriceOfAnarchyBounds.AtomicPolynomial(d), Each(seed => Atomic(d, seed))));
            rows.Add(Row("weighted", d, PriceOfAnarchyBounds.WeightedPolynomial(d), Each(seed => Weighted(d, seed))));
            rows.Add(Row("nonatomic", d, PriceOfAnarchyBounds.NonatomicPolynomial(d),
                Each(seed => Nonatomic(d, seed))));
        }
        return [.. rows];

        Price[] Each(Func<ulong, Price> draw) => scale.ForEach(scale.Runs, i => draw(scale.Seed + (ulong)i));
    }

    private static double Load(double load) => load;

    private static double None(double load) => 0;

    private static Price PriceOf(EquilibriumEnumeration all) =>
        new(all.PriceOfAnarchy ?? double.NaN, all.PriceOfStability ?? double.NaN, all.EquilibriumCount > 0);

    private static Price Enumerated(string purpose, int degree, ulong seed, bool weighted)
    {
        var random = new RandomStream(seed, purpose, (ulong)degree);
        var costs = new Func<double, double>[ResourceCount];
        for (var r = 0; r < costs.Length; r++)
        {
            // Half of the costs have no constant part: those come nearest to the bounds.
            var (slope, constant) = (random.NextDouble(), Math.Max(0, random.NextDouble() - 0.5));
            costs[r] = load => (slope * Math.Pow(load, degree)) + constant;
        }
        var (weights, strategies) = (new long[Players], new int[Players][][]);
        for (var player = 0; player < Players; player++)
        {
            weights[player] = weighted ? 1 + random.NextInt(9) : 1;
            strategies[player] = new int[3][];
            for (var s = 0; s < 3; s++)
            {
                var all = Enumerable.Range(0, ResourceCount).ToArray();
                random.Shuffle<int>(all);
                strategies[player][s] = all[..(1 + random.NextInt(3))];
            }
        }
        return PriceOf(EquilibriumEnumeration.Of(new WeightedCongestionGame(weights, costs, strategies)));
    }

    private static double Anarchy(TrafficLink[] links, double demand)
    {
        var network = new TrafficNetwork("parallel", 2, 2, 1, links);
        var trips = new TravelDemand(2, [new Trips(1, 2, demand)]);
        var (equilibrium, optimum) = Both(network, trips);
        return equilibrium.TotalTravelTime / optimum.TotalTravelTime;
    }

    /// <summary>Equilibrium and system optimum.</summary>
    public static (TrafficEquilibrium Equilibrium, TrafficEquilibrium Optimum) Both(
        TrafficNetwork network, TravelDemand demand)
    {
        var optimum = new AssignmentOptions { Objective = AssignmentObjective.SystemOptimum };
        return (TrafficAssignment.Solve(network, demand, new AssignmentOptions()),
            TrafficAssignment.Solve(network, demand, optimum));
    }

    /// <summary>A link from node 1 to node 2 of cost constant + factor x^degree.</summary>
    private static TrafficLink Monomial(double constant, double factor, int degree) =>
        Link(1, 2, constant, factor, degree);

    /// <summary>A link of cost constant + factor x^degree, its constant above 0.</summary>
    public static TrafficLink Link(int from, int to, double constant, double factor, int degree) => new()
    {
        From = from,
        To = to,
        FreeFlowTime = constant,
        B = factor / constant,
        Capacity = 1,
        Power = degree,
    };

    private static AnarchyRow Row(string name, int degree, double bound, Price[] prices)
    {
        var found = prices.Where(price => !double.IsNaN(price.Anarchy)).ToArray();
        return new AnarchyRow
        {
            Class = name,
            Degree = degree,
            Bound = bound,
            Games = found.Length,
            GamesWithoutEquilibrium = prices.Count(price => !price.HasEquilibrium),
            GamesWithoutPrice = prices.Count(price => price.HasEquilibrium && double.IsNaN(price.Anarchy)),
            MeanPriceOfAnarchy = found.Length == 0 ? double.NaN : found.Average(price => price.Anarchy),
            LargestPriceOfAnarchy = found.Length == 0 ? double.NaN : found.Max(price => price.Anarchy),
            LargestPriceOfStability = found.Length == 0 ? double.NaN : found.Max(price => price.Stability),
            AboveBound = found.Count(price => price.Anarchy > bound * (1 + 1e-9)),
        };
    }
}
