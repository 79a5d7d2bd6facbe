using System.Globalization;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Core.Offloading.PowerControl;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Power control in cellular and cognitive radio networks: potentials, convergence, closed forms.</summary>
internal sealed class PowerControl() : GameReproduction(100, "random networks of each game")
{
    private static readonly double[] Radii = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.05, 1.2, 1.5];

    public override string Name => "power-control";

    public override string Title => "Power control as a potential game";

    public override string Description =>
        "Convergence of best responses, potentials and closed forms of three power control games.";

    protected override GameFindings Find(GameScale scale)
    {
        PowerRow[] rows = [PowerTrials.LogSinr(scale), PowerTrials.Rate(scale), PowerTrials.RateApart(scale),
            PowerTrials.Target(scale)];
        var tracking = scale.ForEach(Radii.Length, i => PowerTrials.Track(Radii[i], scale));
        var claims = Claims(rows, tracking);
        var page = new ResultPage(Title, Description)
            .Fact("Networks", Quantity.Count(rows.Length * scale.Runs))
            .Fact("Certified", Quantity.Count((rows.Length * scale.Runs) - rows.Sum(row => row.Uncertified)))
            .Fact("Moves against the potential", Quantity.Count(rows.Sum(row => row.PotentialFaults)),
                "of 100 in each network")
            .Section("Three games", $"{RunsText(scale)}: 10 transmitters in a disk of 500 m. The literature gives "
                + "formulas, and no figures that were at hand; what stands beside ours here are the closed forms. (a) "
                + "has the exact potential sum (ln p - c p); (b) has one with a single receiver, ln(noise + sum p h) - "
                + "c sum p; (c) has an ordinal one with a single receiver and equal targets, whose last term the "
                + "lecture slides print without the noise.")
            .Add(Potentials(scale)).Add(Errors(scale)).Add(Table(rows));
        page.Section("Target tracking", "Powers converge exactly when the spectral radius of target x gain matrix is "
            + "below 1 (Foschini and Miljanic 1993), and each round leaves that share of the error. Above 1 no powers "
            + "will do, and the users end at their largest.")
            .Add(Contractions(tracking)).Add(Rounds(tracking)).Add(Table(tracking));
        page.Section("Statements").Add(Claim.Table(scale, "What theory states", claims));
        return new GameFindings(page, [.. rows, .. tracking], claims, rows.Sum(row => row.Uncertified));
    }

    private static List<Claim> Claims(PowerRow[] rows, TrackingPoint[] tracking)
    {
        var claims = new List<Claim>();
        foreach (var row in rows)
        {
            if (!double.IsNaN(row.LargestError))
            {
                claims.Add(new Claim(
                    $"{row.Game}: powers of the closed form", "within 1e-6",
                    row.LargestError.ToString("g2", CultureInfo.InvariantCulture), row.LargestError <= 1e-6));
            }
        }
        var faults = rows.Sum(row => row.PotentialFaults);
        claims.Add(new Claim("moves that raise the utility raise the potential", "all", $"{faults} do not",
            faults == 0));
        var feasible = tracking.Where(point => point.Radius < 1).ToArray();
        var impossible = tracking.Where(point => point.Radius > 1).ToArray();
        claims.Add(new Claim(
            "targets are met where the radius is below 1", "all users",
            Quantity.Percent(feasible.Min(point => point.Met), 0),
            feasible.All(point => point.Met == 1)));
        claims.Add(new Claim(
            "not all targets are met where the radius is above 1", "some users miss",
            Quantity.Percent(impossible.Max(point => point.Met), 0), impossible.All(point => point.Met < 1)));
        var off = feasible.Where(point => !double.IsNaN(point.Measured))
            .Max(point => Math.Abs(point.Measured - point.Radius));
        claims.Add(new Claim(
            "a round leaves the spectral radius of the error", "the same",
            FormattableString.Invariant($"differs by {off:g2} at most"),
            off <= 0.02));
        return claims;
    }

    private static LineChart Potentials(GameScale scale)
    {
        Series One(string name, PowerControlOptions options)
        {
            var trace = PowerTrials.PotentialTrace(options, scale.Seed);
            var (low, high) = (trace[0], trace.Max());
            return new Series(
                name, [.. Enumerable.Range(0, trace.Length).Select(step => (double)step)],
                [.. trace.Select(value => high > low ? (value - low) / (high - low) : 1)]);
        }
        return new LineChart("Potential over best responses", new Axis("responses"), new Axis("share of its rise"),
        [
            One("(a) ln SINR", new PowerControlOptions { Utility = PowerUtility.LogSinr, SingleReceiver = false }),
            One("(b) rate", new PowerControlOptions { Utility = PowerUtility.Rate, ProcessingGain = 1 }),
            One("(c) target", new PowerControlOptions { MostWatts = 1000 }),
        ])
        {
            Note = "From full power; from 0 at the start to 1 at the largest value seen.",
        };
    }

    private static LineChart Errors(GameScale scale)
    {
        Series One(string name, double radius, bool simultaneous)
        {
            var trace = PowerTrials.TrackTrace(radius, scale, simultaneous);
            return new Series(name, [.. Enumerable.Range(1, trace.Length).Select(round => (double)round)], trace);
        }
        return new LineChart("Target tracking: change of powers", new Axis("round"),
            new Axis("largest relative change", AxisScale.Log),
        [
            One("radius 0.5, at once", 0.5, true), One("radius 0.9, at once", 0.9, true),
            One("radius 0.5, in turn", 0.5, false), One("radius 0.9, in turn", 0.9, false),
        ])
        {
            Note = "Responses in turn need fewer rounds than responses at once.",
        };
    }

    private static LineChart Contractions(TrackingPoint[] tracking)
    {
        var feasible = tracking.Where(point => point.Radius < 1).ToArray();
        double[] radii = [.. feasible.Select(point => point.Radius)];
        return new LineChart("Share of the error left by a round", new Axis("spectral radius"), new Axis("share"),
        [
            new("theory", radii, radii),
            new("measured", radii, [.. feasible.Select(point => point.Measured)]) { Points = true },
        ]);
    }

    private static LineChart Rounds(TrackingPoint[] tracking) => new(
        "Rounds to ten digits, and users that meet their target", new Axis("spectral radius"),
        new Axis("rounds; per cent of users"),
        [
            new("rounds", [.. tracking.Select(point => point.Radius)], [.. tracking.Select(point => point.Rounds)]),
            new("users with their target, %", [.. tracking.Select(point => point.Radius)],
                [.. tracking.Select(point => 100 * point.Met)]),
        ]);

    private static ReportTable Table(PowerRow[] rows) => new(
        ["Game", "Users", "Rounds in turn", "Rounds at once", "Distance from the closed form", "Against the potential",
            "Uncertified"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Game, Quantity.Count(row.Users), Quantity.Number(row.Rounds),
                Quantity.Number(row.SimultaneousRounds),
                double.IsNaN(row.LargestError) ? "–" : row.LargestError.ToString("g2", CultureInfo.InvariantCulture),
                Quantity.Count(row.PotentialFaults), Quantity.Count(row.Uncertified),
            ]),
        ])
    {
        Title = "Means over the networks",
        Note = "At once: – where some network had not settled after 1,000 rounds. Distance: the largest of all "
            + "powers, as a share of each.",
    };

    private static ReportTable Table(TrackingPoint[] tracking) => new(
        ["Target SINR", "Spectral radius", "Share of the error left", "Rounds", "Users with their target"],
        [
            .. tracking.Select(point => (IReadOnlyList<string>)
            [
                Quantity.Number(point.Target), Quantity.Number(point.Radius), Quantity.Number(point.Measured),
                Quantity.Count(point.Rounds), Quantity.Percent(point.Met, 0),
            ]),
        ])
    {
        Title = "Tracking by the target, one receiver",
    };
}
