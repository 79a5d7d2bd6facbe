using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Offloading;
using OrleansEdge.Silo;
using OrleansEdge.Silo.Placement;
using OrleansEdge.Silo.Ports;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Cluster;

/// <summary>What an offloading game has on Orleans alone: places. The rest is in its contract suite.</summary>
public sealed class OffloadingTests(TwoSilos cluster)
{
    private static readonly OffloadingJob Job = new()
    {
        Name = "places",
        Cell = OffloadingCell.Of(new OffloadingOptions { Users = 20, Channels = 4, InputBits = 2.5e6 }),
        Sites = 4,
        SiteNames = ["south", "north", "nowhere"],
    };

    [Fact]
    public async Task Edge_sites_stand_at_their_places_and_players_are_spread()
    {
        var run = new GameRun(new OrleansGrains(cluster.Grains), Job, TimeProvider.System);
        var end = await run.Play();
        Assert.True((await run.Judge(end)).Certificate.IsEquilibrium);
        Assert.Equal("south", PlaceOf<IEdgeSite>(OffloadingKeys.Site(Job.Name, 0, Job.SiteNames)));
        Assert.Equal("north", PlaceOf<IEdgeSite>(OffloadingKeys.Site(Job.Name, 1, Job.SiteNames)));
        Assert.NotEmpty(PlaceOf<IEdgeSite>(OffloadingKeys.Site(Job.Name, 2, Job.SiteNames))); // no silo is nowhere
        Assert.Equal("south", PlaceOf<IEdgeSite>(OffloadingKeys.Site(Job.Name, 3, Job.SiteNames)));
        var players = Enumerable.Range(0, 20).Select(
            i => PlaceOf<IOffloadingPlayer>(OffloadingKeys.Player(Job.Name, i)));
        Assert.All(players.CountBy(place => place), place => Assert.Equal(10, place.Value));
        Assert.DoesNotContain(Job.Name, await cluster.Grains.GetGrain<IJobDirectory>(IJobDirectory.GamesKey).Running());
    }

    private string PlaceOf<TGrain>(string key) where TGrain : IGrainWithStringKey => cluster.Silos
        .Single(silo => silo.Services.GetRequiredService<LocalActivations>()
            .Contains(cluster.Grains.GetGrain<TGrain>(key).GetGrainId()))
        .Services.GetRequiredService<SiloOptions>().Site;
}
