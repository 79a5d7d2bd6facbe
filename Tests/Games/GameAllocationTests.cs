using OrleansEdge.Core.Games.Congestion;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Tests.Games;

/// <summary>The inner loops of the large games allocate nothing, so that a million players cost no garbage.</summary>
public sealed class GameAllocationTests
{
    [Fact]
    public void A_sweep_of_the_offloading_game_allocates_nothing()
    {
        var game = OffloadingGame.Draw(OffloadingOptions.PowerControlled(500), 1);
        var local = OffloadingBaselines.AllLocal(game);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var user = 0; user < local.Length; user++)
            {
                game.Move(user, local[user]);
            }
            game.State.Sweep(0, game.PlayerCount);
        }));
    }

    [Fact]
    public void Best_responses_of_the_singleton_game_allocate_nothing()
    {
        var costs = Enumerable.Range(1, 20).Select(slope => LoadCost.Affine(slope, 3)).ToArray();
        var game = SingletonGame.Symmetric(costs, 1000);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var player = 0; player < game.PlayerCount; player++)
            {
                game.Move(player, game.BestResponse(player).Strategy);
            }
        }));
    }
}
