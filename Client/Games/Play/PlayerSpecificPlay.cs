using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>The singleton game in which every player has affine costs of its own.</summary>
internal sealed class PlayerSpecificPlay(Invocation invocation, int players, int resources, DynamicsFlags dynamics)
{
    private const int MostValues = 1 << 28;

    public GameOutcome Outcome(object configuration)
    {
        var costs = Draw(players, resources, invocation.Seed);
        return dynamics.AreGiven(invocation) ? Played(costs, configuration) : Solved(costs, configuration);
    }

    /// <summary>Slopes uniform from 0.5 to 1.5, offsets from 0 to the load of an even split.</summary>
    internal static AffinePlayerSpecificCosts Draw(int players, int resources, ulong seed)
    {
        if ((long)players * resources > MostValues)
        {
            throw OrleansEdgeException.Usage(
                $"--player-specific with {players} players and {resources} resources; "
                + $"expected at most {MostValues} of both multiplied");
        }
        var (slopes, offsets) = (new float[players * resources], new float[players * resources]);
        var most = (float)Math.Max(1, players / resources);
        for (var player = 0; player < players; player++)
        {
            var random = new RandomStream(seed, "play.player-specific", (ulong)player);
            for (var i = player * resources; i < (player + 1) * resources; i++)
            {
                slopes[i] = 0.5f + (float)random.NextDouble();
                offsets[i] = most * (float)random.NextDouble();
            }
        }
        return new AffinePlayerSpecificCosts(slopes, offsets, resources);
    }

    private GameOutcome Solved(AffinePlayerSpecificCosts costs, object configuration)
    {
        var (result, seconds) = Timed.Run(
            invocation, () => PlayerSpecificSolver.Solve(costs, seed: invocation.Seed));
        var outcome = Of(
            costs, configuration, "best replies in sweeps", result.Certificate, result.Assignment, result.Loads);
        return outcome with { WallSeconds = seconds };
    }

    private GameOutcome Played(AffinePlayerSpecificCosts costs, object configuration)
    {
        var game = new PlayerSpecificGame(costs);
        var options = dynamics.Read(invocation, players);
        var (result, seconds) = Timed.Run(invocation, () => ResponseDynamics.Run(game, options));
        var outcome = Of(
            costs, configuration, dynamics.Describe(invocation), result.Certificate, result.Profile,
            game.Loads.ToArray());
        return (outcome with { WallSeconds = seconds }).With(result, options.TraceEvery);
    }

    private GameOutcome Of(
        AffinePlayerSpecificCosts costs, object configuration, string solver, EquilibriumCertificate certificate,
        int[] assignment, int[] loads) => new()
        {
            Setting = SingletonPlay.Setting(players, resources, "costs of each player's own"),
            Configuration = configuration,
            Players = players,
            Solver = solver,
            Certificate = certificate,
            SocialCost = assignment.Select((resource, player) => costs.At(player, resource, loads[resource])).Sum(),
            WallSeconds = 0,
            Profile = () => assignment,
            Draw = report => report.Add(PlayReport.Largest(
                "Loads", "players", Array.ConvertAll(loads, load => (double)load), resource => $"resource {resource}")),
        };
}
