using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>The charts of <see cref="ChenTon"/>; lines are ours, rings the paper's.</summary>
internal static class ChenTonCharts
{
    private static readonly double[] UserCounts = [.. ChenTonPaper.Users.Select(users => (double)users)];

    public static void AddSweep(ResultPage page, ChenTonRow[] rows)
    {
        var readings = ChenTonPaper.Readings
            .Select(reading => rows.Where(row => row.Reading == reading.Name).ToArray()).ToArray();
        var closest = readings[^1];
        var slots = ByReading("Slots until the equilibrium", "slots", readings, row => row.Slots, ChenTonPaper.Slots);
        page.Add(Sweep("Beneficial users", "users",
            [.. closest.Select(row => row.BeneficialUsers)], ChenTonPaper.Beneficial,
            [.. closest.Select(row => row.CloudBeneficialUsers)], ChenTonPaper.CloudBeneficial,
            [.. closest.Select(row => row.CentralBeneficialUsers)], ChenTonPaper.CentralBeneficial, null))
            .Add(Sweep("Total overhead", "overhead",
                [.. closest.Select(row => row.TotalOverhead)], ChenTonPaper.Overhead,
                [.. closest.Select(row => row.CloudOverhead)], ChenTonPaper.CloudOverhead,
                [.. closest.Select(row => row.CentralOverhead)], ChenTonPaper.CentralOverhead,
                [.. closest.Select(row => row.LocalOverhead)]))
            .Add(ByReading("Beneficial users by the reading of the parameters", "users", readings,
                row => row.BeneficialUsers, ChenTonPaper.Beneficial))
            .Add(ByReading("Overhead by the reading of the parameters", "overhead", readings,
                row => row.TotalOverhead, ChenTonPaper.Overhead))
            .Add(slots with { Wide = true });
    }

    public static void AddTraces(ResultPage page, IReadOnlyList<ChenTonSlot>[] traces)
    {
        var users = Trace("Beneficial users", "users", traces, (slot, _) => slot.Beneficial, ([45], [24]));
        page.Add(Trace("Potential, as a share of its start", "potential", traces,
            (slot, first) => slot.Potential / first.Potential))
            .Add(Trace("Total overhead", "overhead", traces, (slot, _) => slot.Overhead, ([0, 45], [52, 22.5])))
            .Add(users with { Wide = true });
    }

    private static LineChart Sweep(
        string title, string label, double[] game, double[] paperGame, double[] cloud, double[] paperCloud,
        double[] central,
        double[] paperCentral, double[]? local)
    {
        List<Series> series =
        [
            new("equilibrium", UserCounts, game), new("all cloud", UserCounts, cloud),
            new("central search", UserCounts, central),
            Rings("equilibrium, paper", paperGame, 0), Rings("all cloud, paper", paperCloud, 1),
            Rings("central, paper", paperCentral, 2),
        ];
        if (local is not null)
        {
            series.Add(new Series("all local", UserCounts, local));
            series.Add(Rings("all local, paper", ChenTonPaper.LocalOverhead, 6));
        }
        return new LineChart(title, new Axis("users"), new Axis(label) { Least = 0 }, series)
        {
            Note = "Reading of equal received power; rings: the paper's chart.",
        };
    }

    private static LineChart ByReading(
        string title, string label, ChenTonRow[][] readings, Func<ChenTonRow, double> value, double[] paper) =>
        new(title, new Axis("users"), new Axis(label) { Least = 0 },
        [
            .. readings.Select(rows => new Series(rows[0].Reading, UserCounts, [.. rows.Select(value)])),
            Rings("the paper's chart", paper, null),
        ]);

    private static LineChart Trace(
        string title, string label, IReadOnlyList<ChenTonSlot>[] traces, Func<ChenTonSlot, ChenTonSlot, double> value,
        (double[] X, double[] Y)? paper = null)
    {
        List<Series> series =
        [
            .. ChenTonPaper.Readings.Zip(traces, (reading, trace) => new Series(
                reading.Name, [.. trace.Select(slot => slot.Slot)], [.. trace.Select(slot => value(slot, trace[0]))])),
        ];
        if (paper is { } points)
        {
            series.Add(new Series("the paper's chart", points.X, points.Y) { Points = true });
        }
        return new LineChart(title, new Axis("slot"), new Axis(label) { Least = 0 }, series);
    }

    private static Series Rings(string name, double[] values, int? like) =>
        new(name, UserCounts, values) { Points = true, Like = like };
}
