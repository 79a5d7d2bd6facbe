using OrleansEdge.Core;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Simulation.Faults;
using OrleansEdge.Simulation.Offloading;

namespace OrleansEdge.Tests.Offloading;

public sealed class OffloadingFaultTests
{
    [Fact]
    public void Everybody_is_at_one_place_and_the_potential_falls_whatever_crashes_and_gets_lost() =>
        AnySeed.Satisfies(60, seed =>
        {
            var random = new RandomStream(seed, "test.faults");
            var job = DrawJob(seed, ref random);
            var witness = new OffloadingWitness(job);
            var result = new SimulatedOffloading(cores: 1, witness).Run(job, DrawFleet(ref random));
            Assert.Equal("equilibrium", result.Status.ExitReason);
            Assert.True(result.Certificate is { IsEquilibrium: true, MaxRegret: 0 });
            Assert.Equal(result.Profile, witness.Choices);
            witness.AssertAllCounted();
        });

    private static OffloadingJob DrawJob(ulong seed, ref RandomStream random)
    {
        var channels = 2 + random.NextInt(6);
        var users = 2 + random.NextInt(12);
        return new OffloadingJob
        {
            Mode = random.NextInt(2) == 0 ? OffloadingMode.Faithful : OffloadingMode.Scaled,
            Seed = seed,
            Cell = OffloadingCell.Of(new OffloadingOptions
            {
                Users = users,
                Channels = channels,
                InputBits = 2.5e6,
                EqualReceivedWatts = random.NextInt(2) == 0 ? 1e-7 : null,
            }),
            Groups = users,
            Sites = 2 + random.NextInt(channels - 1),
        };
    }

    /// <summary>Losses, a site that stays away, and another, players and the coordinator that come back.</summary>
    private static OffloadingFleet DrawFleet(ref RandomStream random) => new()
    {
        LossProbability = 0.2 * random.NextDouble(),
        JitterSeconds = 100e-6 * random.NextDouble(),
        GroupSilos = 3,
        Faults = new FaultPlan
        {
            Crashes =
            [
                new CrashFault(OffloadingFleet.SiteNode(0), Moment(ref random)),
                new CrashFault(OffloadingFleet.SiteNode(1), Moment(ref random), 0.02 * random.NextDouble()),
                new CrashFault(OffloadingFleet.PlayerNode(0), Moment(ref random), 0.02 * random.NextDouble()),
                new CrashFault(OffloadingFleet.PlayerNode(1), Moment(ref random), 0.001 * random.NextDouble()),
                new CrashFault(OffloadingFleet.CoordinatorNode, Moment(ref random), 0.02 * random.NextDouble()),
            ],
        },
    };

    private static double Moment(ref RandomStream random) => 0.002 * random.NextDouble() * random.NextDouble();
}
