using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>
/// Means over the runs of one reading at one number of users; the paper's are null where nothing is printed.
/// </summary>
internal sealed record ChenTonRow
{
    public required string Reading { get; init; }

    public required int Users { get; init; }

    public required double BeneficialUsers { get; init; }

    public required double PaperBeneficialUsers { get; init; }

    public required double TotalOverhead { get; init; }

    public required double PaperTotalOverhead { get; init; }

    /// <summary>Slots with a request.</summary>
    public required double Slots { get; init; }

    public required double PaperSlots { get; init; }

    public required double LocalOverhead { get; init; }

    public required double CloudBeneficialUsers { get; init; }

    public required double CloudOverhead { get; init; }

    /// <summary>Of the cross-entropy search, over <see cref="CentralRuns"/> runs.</summary>
    public required double CentralBeneficialUsers { get; init; }

    public required double CentralOverhead { get; init; }

    /// <summary>The equilibrium's over the same runs as the search's.</summary>
    public required double BeneficialUsersOfThoseRuns { get; init; }

    public required double OverheadOfThoseRuns { get; init; }

    public required int CentralRuns { get; init; }

    /// <summary>Runs that ended without a certificate.</summary>
    public required int Uncertified { get; init; }

    /// <summary>Runs in which an offloader would rather compute locally.</summary>
    public required int WithRegretfulOffloader { get; init; }

    /// <summary>Beneficial users that the equilibrium has fewer than the central search, as a share.</summary>
    public double BeneficialLoss => 1 - (BeneficialUsersOfThoseRuns / CentralBeneficialUsers);

    /// <summary>Overhead that the equilibrium has more than the central search, as a share.</summary>
    public double OverheadLoss => (OverheadOfThoseRuns / CentralOverhead) - 1;
}

/// <summary>One slot of a single run.</summary>
internal sealed record ChenTonSlot(double Slot, double Potential, double Overhead, double Beneficial);

/// <summary>Plays the game of each reading at each number of users.</summary>
internal static class ChenTonSweep
{
    /// <summary>The cross-entropy search takes a thousand times as long as the game.</summary>
    private const int MostCentralRuns = 10;

    public static ChenTonRow[] Run(GameScale scale)
    {
        var settings = ChenTonPaper.Readings
            .SelectMany(reading => Enumerable.Range(0, ChenTonPaper.Users.Count).Select(n => (reading, n))).ToArray();
        var trials = scale.ForEach(
            settings.Length * scale.Runs, i => Play(settings[i / scale.Runs], scale.Seed, i % scale.Runs));
        return [.. trials.Chunk(scale.Runs).Zip(settings, (runs, setting) => Row(setting.reading, setting.n, runs))];
    }

    /// <summary>A single run of 30 users, slot by slot.</summary>
    public static IReadOnlyList<ChenTonSlot> Trace(ChenTonReading reading, ulong seed)
    {
        var game = OffloadingGame.Draw(reading.Options with { Users = 30, Channels = 5 }, seed);
        var slots = new List<ChenTonSlot> { Now(0) };
        OffloadingProtocol.Run(game, seed, onSlot: (slot, requests) =>
        {
            if (requests > 0)
            {
                slots.Add(Now(slot));
            }
        });
        return slots;

        ChenTonSlot Now(long slot)
        {
            var outcome = OffloadingOutcome.Of(game);
            return new ChenTonSlot(slot, game.Potential, outcome.TotalOverhead, outcome.BeneficialUsers);
        }
    }

    private static Trial Play((ChenTonReading Reading, int N) setting, ulong firstSeed, int run)
    {
        var seed = firstSeed + (ulong)run;
        var options = setting.Reading.Options with { Users = ChenTonPaper.Users[setting.N], Channels = 5 };
        var game = OffloadingGame.Draw(options, seed);
        var local = OffloadingOutcome.Of(game);
        var certificate = OffloadingProtocol.Run(game, seed).Certificate;
        var equilibrium = OffloadingOutcome.Of(game);
        game.Reset(OffloadingBaselines.AllCloud(game, seed));
        var cloud = OffloadingOutcome.Of(game);
        return new Trial(
            equilibrium, local, cloud, certificate.Slots - 1, certificate.IsEquilibrium,
            run < MostCentralRuns ? Central(game, OffloadingObjective.BeneficialUsers, seed) : null,
            run < MostCentralRuns ? Central(game, OffloadingObjective.TotalOverhead, seed) : null);
    }

    private static OffloadingOutcome Central(OffloadingGame game, OffloadingObjective objective, ulong seed)
    {
        CrossEntropySearch.Solve(game, objective, new CrossEntropyOptions(), seed);
        return OffloadingOutcome.Of(game);
    }

    private static ChenTonRow Row(ChenTonReading reading, int n, Trial[] runs)
    {
        var central = runs.Where(run => run.MostBeneficial is not null).ToArray();
        return new ChenTonRow
        {
            Reading = reading.Name,
            Users = ChenTonPaper.Users[n],
            BeneficialUsers = runs.Average(run => run.Equilibrium.BeneficialUsers),
            PaperBeneficialUsers = ChenTonPaper.Beneficial[n],
            TotalOverhead = runs.Average(run => run.Equilibrium.TotalOverhead),
            PaperTotalOverhead = ChenTonPaper.Overhead[n],
            Slots = runs.Average(run => run.Slots),
            PaperSlots = ChenTonPaper.Slots[n],
            LocalOverhead = runs.Average(run => run.Local.TotalOverhead),
            CloudBeneficialUsers = runs.Average(run => run.Cloud.BeneficialUsers),
            CloudOverhead = runs.Average(run => run.Cloud.TotalOverhead),
            CentralBeneficialUsers = central.Average(run => run.MostBeneficial!.BeneficialUsers),
            CentralOverhead = central.Average(run => run.LeastOverhead!.TotalOverhead),
            BeneficialUsersOfThoseRuns = central.Average(run => run.Equilibrium.BeneficialUsers),
            OverheadOfThoseRuns = central.Average(run => run.Equilibrium.TotalOverhead),
            CentralRuns = central.Length,
            Uncertified = runs.Count(run => !run.IsCertified),
            WithRegretfulOffloader = runs.Count(run => run.Equilibrium.BeneficialUsers < run.Equilibrium.Offloaders),
        };
    }

    private sealed record Trial(
        OffloadingOutcome Equilibrium, OffloadingOutcome Local, OffloadingOutcome Cloud, long Slots, bool IsCertified,
        OffloadingOutcome? MostBeneficial, OffloadingOutcome? LeastOverhead);
}
