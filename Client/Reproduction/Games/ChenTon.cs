using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>The evaluation of multi-channel computation offloading by Chen et al., IEEE/ACM ToN 24(5), 2016.</summary>
internal sealed class ChenTon() : GameReproduction(1000, "the paper has 100")
{
    /// <summary>An independent program's mean over 2,000 seeds and ours over fewer may differ by this share.</summary>
    private const double ReplicaShare = 0.05;

    public override string Name => "chen-ton";

    public override string Title => "Multi-channel computation offloading (Chen et al., ToN 2016)";

    public override string Description =>
        "Beneficial users, overhead and slots of the offloading game over 15 to 50 users, beside the paper's charts.";

    protected override GameFindings Find(GameScale scale)
    {
        var rows = ChenTonSweep.Run(scale);
        var traces = ChenTonPaper.Readings.Select(reading => ChenTonSweep.Trace(reading, scale.Seed)).ToArray();
        var structure = Structure(rows, traces);
        var replicas = Replicas(rows).ToArray();
        var closest = ChenTonPaper.Readings[^1].Name;
        var printed = Row(rows, ChenTonPaper.Readings[0].Name, 30);
        var page = new ResultPage(Title, Description)
            .Fact("Beneficial of 30", Quantity.Number(Row(rows, closest, 30).BeneficialUsers),
                "all received alike; the paper: 24")
            .Fact("Beneficial of 30", Quantity.Number(printed.BeneficialUsers),
                "parameters as printed; the paper: 24")
            .Fact("Overhead of 30", Quantity.Number(Row(rows, closest, 30).TotalOverhead),
                "all received alike; the paper: 22.5 to 25")
            .Fact("Certified", $"{(rows.Length * scale.Runs) - rows.Sum(row => row.Uncertified)} of "
                + $"{rows.Length * scale.Runs}")
            .Section("Beside the paper", $"{RunsText(scale)}, 5 channels. The paper's numbers are read off its "
                + "charts, to about 10 %. They do not follow from its printed parameters: with these, "
                + $"{Quantity.Number(printed.BeneficialUsers)} of 30 users offload, not 24, and all-cloud costs "
                + $"{Quantity.Number(printed.CloudOverhead)}, not 41. The energy of a cycle and the tail energy are "
                + "not printed; 2 nJ and 0 fit its local overhead. The nearest reading found is perfect power control "
                + "(all users received alike) with 2500 kbit of input; it is not the paper's.");
        ChenTonCharts.AddSweep(page, rows);
        foreach (var reading in ChenTonPaper.Readings)
        {
            page.Add(Table(reading.Name, rows));
        }
        page.Section("One run of 30 users", "One winner per slot. The potential falls with every slot; the overhead "
            + "may rise in between, because a user minds its own only.");
        ChenTonCharts.AddTraces(page, traces);
        page.Section("Statements", "What the paper states of every parameter, and what an independent program gives "
            + "for each reading.")
            .Add(Claim.Table(
                scale, "The paper's statements, over all users and the reading of equal received power", structure,
                "A gain holds where ours falls short of it by at most 10 points."))
            .Add(Claim.Table(
                scale, "An independent program, 2,000 seeds: beneficial users, overhead, slots", replicas,
                "Holds within 5 %, which takes some hundred runs."));
        return new GameFindings(page, rows, [.. structure, .. replicas], rows.Sum(row => row.Uncertified));
    }

    private static ChenTonRow Row(ChenTonRow[] rows, string reading, int users) =>
        rows.Single(row => row.Reading == reading && row.Users == users);

    private static ReportTable Table(string reading, ChenTonRow[] rows) => new(
        [
            "Users", "Beneficial", "Paper", "All cloud", "Central", "Overhead", "Paper", "All local", "All cloud",
            "Central", "Slots",
            "Paper",
        ],
        [
            .. rows.Where(row => row.Reading == reading).Select(row => (IReadOnlyList<string>)
            [
                Quantity.Count(row.Users), Quantity.Number(row.BeneficialUsers),
                Quantity.Number(row.PaperBeneficialUsers),
                Quantity.Number(row.CloudBeneficialUsers), Quantity.Number(row.CentralBeneficialUsers),
                Quantity.Number(row.TotalOverhead), Quantity.Number(row.PaperTotalOverhead),
                Quantity.Number(row.LocalOverhead),
                Quantity.Number(row.CloudOverhead), Quantity.Number(row.CentralOverhead), Quantity.Number(row.Slots),
                Quantity.Number(row.PaperSlots),
            ]),
        ])
    {
        Title = "Reading: " + reading,
        Note = $"Central: the best of a cross-entropy search, over {rows[0].CentralRuns} of the runs.",
    };

    private static Claim[] Structure(ChenTonRow[] rows, IReadOnlyList<ChenTonSlot>[] traces)
    {
        var alike = rows.Where(row => row.Reading == ChenTonPaper.Readings[^1].Name).ToArray();
        var regretful = rows.Sum(row => row.WithRegretfulOffloader);
        var rises = traces.Sum(
            trace => trace.Zip(trace.Skip(1)).Count(pair => pair.Second.Potential >= pair.First.Potential));
        var (moreThanCloud, lessThanLocal, lessThanCloud) = (
            alike.Max(row => (row.BeneficialUsers / row.CloudBeneficialUsers) - 1),
            alike.Max(row => 1 - (row.TotalOverhead / row.LocalOverhead)),
            alike.Max(row => 1 - (row.TotalOverhead / row.CloudOverhead)));
        var (users, overhead) = (alike.Max(row => row.BeneficialLoss), alike.Max(row => row.OverheadLoss));
        var straight = Straightness([.. alike.Select(row => (double)row.Users)], [.. alike.Select(row => row.Slots)]);
        return
        [
            new("every offloader of an equilibrium is beneficial (all readings)", "in all runs",
                $"{regretful} runs break it", regretful == 0),
            new("the potential falls with every slot (all readings)", "always", $"{rises} slots break it", rises == 0),
            Share("more beneficial users than all-cloud", "up to 30 %", moreThanCloud, moreThanCloud >= 0.2),
            Share("overhead saved against all-local", "up to 68 %", lessThanLocal, lessThanLocal >= 0.58),
            Share("overhead saved against all-cloud", "up to 55 %", lessThanCloud, lessThanCloud >= 0.45),
            Share("beneficial users lost against the central search", "at most 12 %", users, users <= 0.12),
            Share("overhead added against the central search", "at most 14 %", overhead, overhead <= 0.14),
            new("slots grow almost linearly with the users", "a line", $"correlation {straight:0.0000}",
                straight > 0.99),
        ];
    }

    private static Claim Share(string name, string expected, double ours, bool holds) =>
        new(name, expected, "up to " + Quantity.Percent(ours, 1), holds);

    private static IEnumerable<Claim> Replicas(ChenTonRow[] rows) =>
        from reading in ChenTonPaper.Readings
        from replica in reading.Replicas
        let row = Row(rows, reading.Name, replica.Users)
        select new Claim(
            $"{reading.Name}, {replica.Users} users",
            Text(replica.Beneficial, replica.Overhead, replica.Slots),
            Text(row.BeneficialUsers, row.TotalOverhead, row.Slots),
            Near(replica.Beneficial, row.BeneficialUsers) && Near(replica.Overhead, row.TotalOverhead)
            && Near(replica.Slots, row.Slots));

    private static string Text(double beneficial, double overhead, double slots) =>
        FormattableString.Invariant($"{beneficial:0.00}, {overhead:0.00}, {slots:0.0}");

    private static bool Near(double expected, double actual) => Math.Abs(actual - expected) <= ReplicaShare * expected;

    /// <summary>The correlation of two columns.</summary>
    private static double Straightness(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var products = x.Zip(y).Sum(pair => (pair.First - meanX) * (pair.Second - meanY));
        return products / Math.Sqrt(x.Sum(v => (v - meanX) * (v - meanX)) * y.Sum(v => (v - meanY) * (v - meanY)));
    }
}
