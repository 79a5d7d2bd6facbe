using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Games.Congestion;

namespace OrleansEdge.Client.Games.Play;

/// <summary>The singleton game in which every player has affine costs of its own.</summary>
internal sealed class PlayerSpecificPlay(
    Invocation invocation, AffinePlayerSpecificCosts costs, DynamicsFlags dynamics)
{
    private const int MostValues = 1 << 28;

    public GameOutcome Outcome(object configuration) =>
        dynamics.AreGiven(invocation) ? Played(configuration) : Solved(configuration);

    /// <summary>Slopes uniform from 0.5 to 1.5, offsets from 0 to the load of an even split.</summary>
    internal static AffinePlayerSpecificCosts Draw(Invocation invocation, int players, int resources)
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
            RandomCosts.CheckStop(invocation, player);
            var random = new RandomStream(invocation.Seed, "play.player-specific", (ulong)player);
            for (var i = player * resources; i < (player + 1) * resources; i++)
            {
                slopes[i] = 0.5f + (float)random.NextDouble();
                offsets[i] = most * (float)random.NextDouble();
            }
        }
        return new AffinePlayerSpecificCosts(slopes, offsets, resources);
    }

    private GameOutcome Solved(object configuration)
    {
        var (result, seconds) = Timed.Run(invocation, "singleton", solving => PlayerSpecificSolver.Solve(
            costs, seed: invocation.Seed, progress: solving.Progress, stop: solving.Stop));
        var outcome = Of(
            configuration, "best replies in sweeps", result.Certificate, result.Assignment, result.Loads);
        return outcome with { WallSeconds = seconds };
    }

    private GameOutcome Played(object configuration)
    {
        var game = new PlayerSpecificGame(costs);
        var options = dynamics.Read(invocation, costs.PlayerCount);
        var (result, seconds) = Timed.Run(invocation, "singleton", solving => ResponseDynamics.Run(
            game, options, solving.Progress, solving.Stop, solving.GiveUp));
        var outcome = Of(
            configuration, dynamics.Describe(invocation), result.Certificate, result.Profile, game.Loads.ToArray());
        return (outcome with { WallSeconds = seconds }).With(result, options.TraceEvery);
    }

    private GameOutcome Of(
        object configuration, string solver, EquilibriumCertificate certificate, int[] assignment, int[] loads)
    {
        var socialCost = CostOf(assignment, loads);
        return new GameOutcome
        {
            Setting = SingletonPlay.Setting(costs.PlayerCount, costs.ResourceCount, "costs of each player's own"),
            Configuration = configuration,
            Players = costs.PlayerCount,
            Solver = solver,
            Certificate = certificate,
            SocialCost = socialCost,
            WallSeconds = 0,
            Profile = () => assignment,
            Baselines = Timed.Compared(invocation, () => Compare(socialCost)),
            Draw = report => report.Add(PlayReport.Largest(
                "Loads", "players", Array.ConvertAll(loads, load => (double)load), resource => $"resource {resource}")),
        };
    }

    private Baselines Compare(double socialCost)
    {
        var (drawn, greedy) = (new int[costs.PlayerCount], new int[costs.PlayerCount]);
        var (loads, filled, alone) = (new int[costs.ResourceCount], new int[costs.ResourceCount], 0.0);
        for (var player = 0; player < drawn.Length; player++)
        {
            drawn[player] = new RandomStream(invocation.Seed, "play.baseline", (ulong)player).NextInt(loads.Length);
            loads[drawn[player]]++;
            var (best, least, free) = (0, double.PositiveInfinity, double.PositiveInfinity);
            for (var resource = 0; resource < filled.Length; resource++)
            {
                var cost = costs.At(player, resource, filled[resource] + 1);
                (best, least) = cost < least ? (resource, cost) : (best, least);
                free = Math.Min(free, costs.At(player, resource, 1));
            }
            greedy[player] = best;
            filled[best]++;
            alone += free;
        }
        return new Baselines("equilibrium", [new("socialCost", "social cost")], [socialCost])
            .Add("greedy", CostOf(greedy, filled)).Add("random", CostOf(drawn, loads))
            .AddBound("lower bound of the optimum (each alone)", alone);
    }

    private double CostOf(int[] assignment, int[] loads) =>
        assignment.Select((resource, player) => costs.At(player, resource, loads[resource])).Sum();
}
