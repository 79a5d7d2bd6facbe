using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.CrossEdge;
using Choose = OrleansEdge.Client.CommandLine.Options;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Cross-edge offloading with energy harvesting, after Zhao et al., ICWS 2019.</summary>
internal sealed class CrossEdge() : GameReproduction(4, "draws of users, gains and harvests")
{
    protected override CheckedOption<int> Size { get; } = Choose.Integer(
        "--slots", "Slots of a run; the released code has 50.", 100, 1, 10_000);

    public override string Name => "cross-edge";

    public override string Title => "Cross-edge computation offloading (Zhao et al., ICWS 2019)";

    public override string Description =>
        "Edge site selection with batteries and deadlines: best responses beside RACOS, greedy, random and the "
            + "optimum.";

    protected override GameData Data => GameData.Eua;

    protected override GameFindings Find(GameScale scale)
    {
        var city = Melbourne.Read(scale.DataFolder);
        var results = CrossEdgeTrials.Run(scale, city);
        var small = CrossEdgeTrials.Small(scale, city);
        var released = CrossEdgeTrials.Released(scale, city);
        var rows = results.Select((runs, policy) => CrossEdgeTrials.Row(policy, runs, small[policy])).ToArray();
        var claims = Claims(rows, city.Sites.Length, released).ToArray();
        var page = new ResultPage(Title, Description)
            .Fact("Cost of a task", $"{1000 * rows[0].AverageCostSeconds:0.000} ms", "best response")
            .Fact("RACOS", $"{1000 * rows[2].AverageCostSeconds:0.000} ms", "the paper's solver")
            .Fact("Dropped tasks", Quantity.Percent(rows[0].DroppedShare),
                $"best response; RACOS: {Quantity.Percent(rows[2].DroppedShare)}")
            .Fact("Over the optimum", "+" + Quantity.Percent(rows[0].OverOptimum), "objective, 3 users, 5 sites")
            .Section("Policies", $"{RunsText(scale)}: 80 users at places of the data set, {city.Sites.Length} sites, "
                + $"{scale.Size} slots of 2 ms with the parameters of the released code and full batteries. Requests "
                + "and harvests are drawn anew in every slot, where that code draws them once, and a user without a "
                + "request spends nothing, where it is charged its local energy; so its curves cannot come out digit "
                + "by digit, and its derived constants are what is compared.")
            .Add(Bars("Cost of a task", new Axis("ms"), rows, row => 1000 * row.AverageCostSeconds))
            .Add(Bars("Dropped tasks", new Axis("share", AxisScale.Linear, AxisFormat.Percent), rows,
                row => row.DroppedShare))
            .Add(Table(rows));
        page.Section("From half-full batteries", "The released start: half of theta. Below theta a joule is dearer "
            + "than a dropped task, so tasks are dropped until the batteries are full, which takes longer than the 50 "
            + "slots of the released code.")
            .Add(Start(released)).Add(Battery(released));
        page.Section("Slot by slot", "The first run of each policy, from full batteries.")
            .Add(Slots("Cost of a task", "ms", results,
                slot => slot.Tasks == 0 ? 0 : 1000 * slot.CostSeconds / slot.Tasks, 5))
            .Add(Slots("Mean battery", "J", results, slot => slot.MeanBatteryJoules, 1));
        page.Section("Statements").Add(Claim.Table(scale, "Constants of the released code, and what a game should do",
            claims));
        return new GameFindings(page, rows, claims, rows.Sum(row => row.Uncertified));
    }

    private static double[] Numbers(CrossEdgeResult run) =>
        [.. Enumerable.Range(1, run.Slots.Count).Select(slot => (double)slot)];

    private static LineChart Start(CrossEdgeResult run) => new(
        "Dropped tasks", new Axis("slot"),
        new Axis("share", AxisScale.Linear, AxisFormat.Percent) { Least = 0, Most = 1 },
        [new Series("best response", Numbers(run), [.. run.Slots.Select(Dropped)]) { Window = 9 }]);

    private static LineChart Battery(CrossEdgeResult run) => new(
        "Mean battery", new Axis("slot"), new Axis("J"),
        [new Series("best response", Numbers(run), [.. run.Slots.Select(slot => slot.MeanBatteryJoules)])])
    {
        References = [new Reference("theta", run.BatteryThresholdJoules)],
    };

    private static double Dropped(CrossEdgeSlotRecord slot) => slot.Tasks == 0 ? 0 : slot.Dropped / (double)slot.Tasks;

    private static IEnumerable<Claim> Claims(CrossEdgeRow[] rows, int sites, CrossEdgeResult start)
    {
        var released = new CrossEdgeOptions();
        yield return Claim.Near("local time, s", 24.5833e-6, released.LocalSeconds, 2e-6);
        yield return Claim.Near("local energy, J", 8.296875e-6, released.LocalJoules, 1e-9);
        yield return Claim.Near("largest rate, bit/s", 1_014_355.293, released.MostBitsPerSecond, 1e-9);
        yield return Claim.Near(
            "computing the whole input, s", 0.491667e-3,
            released.CyclesPerBit * released.EdgeInputBits / released.SiteCyclesPerSecond[0], 1e-6);
        yield return Claim.Near($"theta with {sites} sites, J", 0.040083363, released.BatteryThresholdJoules(sites),
            2e-8);
        double[] seconds = [3.4938e-3, 1.7892e-3, 1.2343e-3, 0.9669e-3, 0.8144e-3];
        for (var k = 1; k <= seconds.Length; k++)
        {
            yield return Claim.Near(
                $"time over {k} site{(k == 1 ? "" : "s")} at the largest gain, s", seconds[k - 1],
                released.ShortestSeconds(k), 6e-5);
        }
        yield return new Claim(
            "one site misses the deadline, two meet it", "yes", "yes",
            released.ShortestSeconds(1) > released.DeadlineSeconds
            && released.ShortestSeconds(2) <= released.DeadlineSeconds);
        var (game, racos, others) = (rows[0], rows[2], rows[3..]);
        yield return new Claim(
            "cost of a task, best response against RACOS", "not more",
            Quantity.Percent(game.AverageCostSeconds / racos.AverageCostSeconds),
            game.AverageCostSeconds <= racos.AverageCostSeconds);
        yield return new Claim(
            "optimal small slots, best response", "most", Quantity.Percent(game.OptimalShare, 1),
            game.OptimalShare > 0.5);
        yield return new Claim(
            "optimal small slots, best response against all others", "not fewer",
            Quantity.Percent(others.Append(racos).Max(row => row.OptimalShare), 1),
            others.Append(racos).All(row => game.OptimalShare >= row.OptimalShare));
        yield return new Claim(
            "no policy is below the optimum on small slots", "none",
            "+" + Quantity.Percent(rows.Min(row => row.OverOptimum)),
            rows.All(row => row.OverOptimum >= -1e-9));
        var off = (start.BatteryJoules / start.BatteryThresholdJoules) - 1;
        yield return new Claim(
            "batteries settle around theta", "within 10 % in the end", Quantity.Percent(off), Math.Abs(off) <= 0.1);
    }

    private static BarChart Bars(string title, Axis axis, CrossEdgeRow[] rows, Func<CrossEdgeRow, double> value) =>
        new(title, axis, [.. rows.Select(row => row.Policy)], [new BarGroup(title, [.. rows.Select(value)])]);

    private static LineChart Slots(
        string title, string label, CrossEdgeResult[][] results, Func<CrossEdgeSlotRecord, double> value, int window) =>
        new(title, new Axis("slot"), new Axis(label),
        [
            .. CrossEdgeTrials.Policies.Zip(results, (policy, runs) => new Series(
                policy.Name, [.. Enumerable.Range(1, runs[0].Slots.Count).Select(slot => (double)slot)],
                [.. runs[0].Slots.Select(value)])
            {
                Window = window,
            }),
        ]);

    private static ReportTable Table(CrossEdgeRow[] rows) => new(
        ["Policy", "Cost of a task, ms", "Dropped", "Energy of a task, mJ", "Battery, mJ", "Rounds", "Messages",
            "Over the optimum", "Optimal"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Policy, FormattableString.Invariant($"{1000 * row.AverageCostSeconds:0.000}"),
                Quantity.Percent(row.DroppedShare), Quantity.Number(1000 * row.SpentJoules),
                Quantity.Number(1000 * row.BatteryJoules),
                row.RoundsOfSlot > 0 ? Quantity.Number(row.RoundsOfSlot) : "–",
                row.MessagesOfSlot > 0 ? Quantity.Number(row.MessagesOfSlot) : "–",
                "+" + Quantity.Percent(row.OverOptimum),
                Quantity.Percent(row.OptimalShare, 1),
            ]),
        ])
    {
        Title = "Means over the runs",
        Note = "The greedy policies and random live off the first charge of the batteries, which the others keep "
            + "near theta. Rounds and messages are those of a slot. Over the optimum, and optimal: the objective of "
            + "slots of 3 users and 5 sites with two places each, against branch and bound, and the share of those "
            + "slots solved to the optimum.",
    };
}
