using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Runs;

namespace OrleansEdge.Client.Games.Play;

/// <summary>The report of <c>oe play</c>.</summary>
internal static class PlayReport
{
    private const int MostBars = 30;

    public static ReportBuilder Of(IPlayableGame game, GameOutcome outcome, ulong seed, string command)
    {
        var report = new ReportBuilder($"Game: {game.Name}", $"{outcome.Setting}, seed {seed}");
        AddFacts(report, outcome);
        report.Section("The game", game.Description);
        AddCharts(report, outcome);
        report.Section("Certificate",
            "Measured on the final profile alone, independently of how it was found: every player is asked what it would "
            + "gain by moving alone.");
        var rows = PlayText.Rows(outcome).Select(row => (string[])[row.Label, row.Value]);
        report.Add(new ReportTable(["", ""], [.. rows]));
        var machine = new MachineDescription();
        report.Add(new ReportTable(["", ""],
        [
            ["command", command],
            ["version", ProductVersion.Full],
            ["system", $"{machine.OperatingSystem}, {machine.Architecture}, {machine.Cores} cores"],
            ["runtime", machine.Runtime],
        ])
        {
            Title = "Where and how",
        });
        return report;
    }

    /// <summary>The charts of the outcome and its comparison with the baselines.</summary>
    public static void AddCharts(ReportBuilder report, GameOutcome outcome)
    {
        if (outcome.Trace.Count > 1)
        {
            report.Add(Potential(outcome));
        }
        outcome.Draw?.Invoke(report);
        if (outcome.Comparison is { } comparison)
        {
            report.Add(comparison);
        }
        foreach (var warning in outcome.Warnings)
        {
            report.Paragraph($"Note: {warning}.");
        }
    }

    /// <summary>Horizontal bars of the largest values, such as loads of resources.</summary>
    public static BarChart Largest(
        string title, string unit, IReadOnlyList<double> values, Func<int, string> name)
    {
        var order = Enumerable.Range(0, values.Count).OrderByDescending(index => values[index]).ThenBy(index => index)
            .Take(MostBars).Order().ToList();
        var bars = new BarGroup(unit, [.. order.Select(index => values[index])]);
        return new BarChart(title, new Axis(unit), [.. order.Select(name)], [bars])
        {
            Note = order.Count < values.Count ? $"The {order.Count} largest of {values.Count}." : null,
        };
    }

    /// <summary>Values in falling order, as steps.</summary>
    public static LineChart Sorted(
        string title, string what, string unit, IEnumerable<(string Name, IEnumerable<double> Values)> series) =>
        new(title, new Axis(what), new Axis(unit),
        [
            .. series.Select(one =>
            {
                var sorted = one.Values.OrderDescending().ToArray();
                return new Series(one.Name, Counting(sorted.Length), sorted);
            }),
        ]);

    /// <summary>One line over slots counted from 1.</summary>
    public static LineChart OverSlots(
        string title, string unit, params (string Name, IReadOnlyList<double> Values)[] series) => new(
            title, new Axis("slot"), new Axis(unit),
            [.. series.Select(one => new Series(one.Name, Counting(one.Values.Count), one.Values))]);

    private static double[] Counting(int count) => [.. Enumerable.Range(1, count).Select(number => (double)number)];

    private static LineChart Potential(GameOutcome outcome)
    {
        var x = Enumerable.Range(0, outcome.Trace.Count).Select(i => (double)i * outcome.TraceEvery).ToList();
        var y = outcome.Trace.ToList();
        if (outcome.Certificate is { PotentialEnd: { } end, Steps: var steps } && steps > x[^1])
        {
            x.Add(steps);
            y.Add(end);
        }
        var hasPotential = outcome.Certificate.PotentialStart is not null;
        return new LineChart(
            hasPotential ? "Potential over moves" : "Sum of the costs over moves",
            new Axis("moves"), new Axis(hasPotential ? "potential" : "sum of the costs"),
            [new Series(outcome.Solver, x, y)])
        {
            Note = hasPotential ? "Falls with every move." : "This game has no known potential: the sum can rise.",
        };
    }

    private static void AddFacts(ReportBuilder report, GameOutcome outcome)
    {
        bool IsFact(GameFigure figure) =>
            figure.Value is double or int or long && !Equals(figure.Value, outcome.SocialCost);
        var certificate = outcome.Certificate;
        var regret = $"largest regret {PlayText.Number(certificate.MaxRegret)}";
        if (outcome.Warnings is [var first, ..])
        {
            report.Fact("Good?", "see below", first);
        }
        report.Fact("Equilibrium", certificate.IsEquilibrium ? "certified" : "no", regret)
            .Fact("Moves", Quantity.Count(certificate.Steps), $"{Quantity.Count(certificate.Slots)} slots")
            .Fact("Messages", Quantity.Count(certificate.Messages))
            .Fact("Social cost", PlayText.Number(outcome.SocialCost));
        foreach (var figure in outcome.Figures.Where(IsFact).Take(4))
        {
            report.Fact(char.ToUpperInvariant(figure.Label[0]) + figure.Label[1..], PlayText.Value(figure.Value));
        }
    }
}
