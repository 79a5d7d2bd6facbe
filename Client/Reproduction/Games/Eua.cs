using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using Choose = OrleansEdge.Client.CommandLine.Options;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Edge user allocation on Melbourne, after He et al., IEEE TPDS 31(3), 2020.</summary>
internal sealed class Eua() : GameReproduction(3, "large instances; ten times as many small ones; the paper has 100")
{
    protected override CheckedOption<int> Size { get; } = Choose.Integer(
        "--most-users", "Points with more users are left out.", 16_384, 4, 16_384);

    public override string Name => "eua";

    public override string Title => "Edge user allocation on Melbourne (He et al., TPDS 2020)";

    public override string Description =>
        "Allocated users, system cost, servers and iterations of the game beside optimal, greedy and random "
            + "allocation.";

    protected override GameData Data => GameData.Eua;

    protected override GameFindings Find(GameScale scale)
    {
        var world = new EuaWorld(scale);
        var rows = EuaSweep.Run(scale, world);
        var claims = Claims(rows).ToArray();
        var (small, large) = (rows.Where(row => row.Optimal is not null).ToArray(),
            rows.Where(row => row.Optimal is null).ToArray());
        var page = new ResultPage(Title, Description)
            .Fact("Fewer users than optimal", Quantity.Percent(Loss(small)), "mean of sets 1; the paper: 3.38 %")
            .Fact("More cost than optimal", Quantity.Percent(Excess(small)), "mean of sets 1; the paper: 4.76 %");
        if (large.Length > 0)
        {
            page.Fact("Less cost than greedy", Quantity.Percent(Saved(large, row => row.Greedy)),
                "mean of sets 2; the paper: 14.3 %")
                .Fact("Less cost than random", Quantity.Percent(Saved(large, row => row.Random)),
                    "mean of sets 2; the paper: 12.64 %");
        }
        page.Section("On the map", "All sites and users of the data set in the centre, allocated by the game.");
        EuaCharts.AddMap(page, world, scale.Seed);
        page.Section("Small instances: sets 1", $"{RunsText(scale)} (ten times as many here), on the sites and users "
            + "of the centre. The paper prints neither sharing base (0.9 here), weights (equal), demands nor the "
            + "spread of the capacities (10 %). Its iterations speak for a demand near 1, which is taken here: 8 "
            + "servers of capacity 90 take some 700 users, 256 of capacity 10 some 2,400. The numbers need not agree, "
            + "the order and the trends should.");
        EuaCharts.AddSets(page, rows, isSmall: true);
        page.Section("Large instances: sets 2", "On the metropolitan area, with the paper's radii by density; its "
            + "generated users are not part of the data set, so users are drawn among the places that the servers "
            + "cover, "
            + "as its full servers suggest. Rings: the paper's charts.");
        EuaCharts.AddSets(page, rows, isSmall: false);
        page.Section("Numbers").Add(EuaCharts.Table(rows));
        page.Section("Statements").Add(Claim.Table(
            scale, "What the paper states", claims,
            "A mean holds where it is at least half of the paper's (a gain) or at most 1.5 times (a loss)."));
        return new GameFindings(page, rows, claims, rows.Sum(row => row.Uncertified));
    }

    private static IEnumerable<Claim> Claims(EuaRow[] rows)
    {
        var small = rows.Where(row => row.Optimal is not null).ToArray();
        yield return AtMost("sets 1: users fewer than optimal, mean", 0.0338, Loss(small));
        yield return AtMost("sets 1: cost above optimal, mean", 0.0476, Excess(small));
        var worst = small.Max(row => Math.Max(Lost(row), (row.Game.SystemCost / row.Optimal!.SystemCost) - 1));
        yield return new Claim("sets 1: loss in every case", "less than 15 %", "up to " + Quantity.Percent(worst),
            worst < 0.15);
        var large = rows.Where(row => row.Optimal is null).ToArray();
        if (large.Length == 0)
        {
            yield break;
        }
        yield return AtLeast("sets 2: users more than greedy, mean", 0.0473, More(large, row => row.Greedy));
        yield return AtLeast("sets 2: users more than random, mean", 0.0698, More(large, row => row.Random));
        yield return AtLeast("sets 2: cost less than greedy, mean", 0.143, Saved(large, row => row.Greedy));
        yield return AtLeast("sets 2: cost less than random, mean", 0.1264, Saved(large, row => row.Random));
        foreach (var (set, greedy, random) in new[] { ("2.2", 0.1371, 0.1192), ("2.3", 0.1486, 0.1335) })
        {
            var points = large.Where(row => row.Set == set).ToArray();
            if (points.Length > 0)
            {
                yield return AtLeast($"set {set}: cost less than greedy, mean", greedy,
                    Saved(points, row => row.Greedy));
                yield return AtLeast($"set {set}: cost less than random, mean", random,
                    Saved(points, row => row.Random));
            }
        }
        var sweep = large.Where(row => row.Set == "2.1").ToArray();
        if (sweep.Length > 1)
        {
            var exponent = Math.Log(sweep[^1].Iterations / sweep[0].Iterations)
                / Math.Log((double)sweep[^1].Users / sweep[0].Users);
            yield return new Claim(
                "set 2.1: iterations linear in the users", "exponent 1", Quantity.Number(exponent),
                Math.Abs(exponent - 1) <= 0.15);
        }
    }

    private static Claim AtMost(string name, double paper, double ours) =>
        new(name, Quantity.Percent(paper), Quantity.Percent(ours), ours <= 1.5 * paper);

    private static Claim AtLeast(string name, double paper, double ours) =>
        new(name, Quantity.Percent(paper), Quantity.Percent(ours), ours >= 0.5 * paper);

    private static double Loss(EuaRow[] rows) => rows.Average(Lost);

    /// <summary>
    /// Share of the optimum's users that the game leaves without a server; none where nobody can have one.
    /// </summary>
    private static double Lost(EuaRow row) =>
        row.Optimal!.AllocatedUsers == 0 ? 0 : 1 - (row.Game.AllocatedUsers / row.Optimal.AllocatedUsers);

    private static double Excess(EuaRow[] rows) =>
        rows.Average(row => (row.Game.SystemCost / row.Optimal!.SystemCost) - 1);

    private static double More(EuaRow[] rows, Func<EuaRow, EuaMeans> other) =>
        rows.Average(row => (row.Game.AllocatedUsers / other(row).AllocatedUsers) - 1);

    private static double Saved(EuaRow[] rows, Func<EuaRow, EuaMeans> other) =>
        rows.Average(row => 1 - (row.Game.SystemCost / other(row).SystemCost));
}
