using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Tests.Offloading;

public sealed class OffloadingSearchTests
{
    private static readonly OffloadingOptions Small = new() { Users = 6, Channels = 2, InputBits = 5e6 };

    [Theory]
    [InlineData(OffloadingObjective.TotalOverhead)]
    [InlineData(OffloadingObjective.BeneficialUsers)]
    public void Branch_and_bound_agrees_with_enumeration(OffloadingObjective objective)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var game = OffloadingGame.Draw(Small, seed);
            var optimum = OffloadingExactSearch.Solve(game, objective);
            var best = Profiles(6, 3).Select(profile => Value(game, profile, objective)).Min();
            Assert.True(optimum.IsProven);
            Assert.Equal(best, Value(game, optimum.Choices, objective), 1e-9);
            Assert.Equal(Math.Abs(best), optimum.Value, 1e-9);
        }
    }

    [Fact]
    public void No_baseline_beats_the_optimum_and_the_bounds_hold()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var game = OffloadingGame.Draw(Small, seed);
            var optimum = OffloadingExactSearch.Solve(game, OffloadingObjective.TotalOverhead).Value;
            var most = OffloadingExactSearch.Solve(game, OffloadingObjective.BeneficialUsers).Value;
            int[][] baselines =
            [
                OffloadingBaselines.AllLocal(game), OffloadingBaselines.AllCloud(game, seed),
                OffloadingBaselines.Random(game, seed), OffloadingBaselines.Greedy(game),
                CrossEntropySearch.Solve(
                    game, OffloadingObjective.TotalOverhead, new() { Samples = 100, Rounds = 20 }, seed).Choices,
            ];
            Assert.All(baselines, profile =>
                Assert.True(Value(game, profile, OffloadingObjective.TotalOverhead) >= optimum - 1e-9));
            foreach (var start in baselines)
            {
                game.Reset(start);
                OffloadingSweeps.Run(game);
                var outcome = OffloadingOutcome.Of(game);
                Assert.InRange(outcome.TotalOverhead / optimum, 1 - 1e-9, OffloadingBounds.Overhead(game));
                Assert.InRange(outcome.BeneficialUsers / most, OffloadingBounds.BeneficialUsers(game), 1);
            }
        }
    }

    [Fact]
    public void The_bounds_are_those_of_the_theorems()
    {
        var aboveZero = 0;
        for (var seed = 0UL; seed < 40; seed++)
        {
            var options = seed < 20 ? Small : OffloadingOptions.PowerControlled(6) with { NoiseWatts = 1e-9 };
            var game = OffloadingGame.Draw(options with { Channels = 2 }, seed);
            var (t, q) = (game.Interference.Thresholds.ToArray(), game.Interference.Powers.ToArray());
            var expected = t.Min() < 0
                ? 0
                : Math.Floor(t.Min() / (double)q.Max()) / (Math.Floor(t.Max() / (double)q.Min()) + 1);
            Assert.Equal(expected, OffloadingBounds.BeneficialUsers(game), 1e-12);
            aboveZero += expected > 0 ? 1 : 0;
            var users = Enumerable.Range(0, 6).ToArray();
            var worst = users.Sum(user => Math.Min(
                game.Overhead(user, 0, 0), game.Overhead(user, 1, (q.Sum() - q[user]) / 2)));
            var least = users.Sum(user => Math.Min(game.Overhead(user, 0, 0), game.Overhead(user, 1, 0)));
            Assert.Equal(worst / least, OffloadingBounds.Overhead(game), 1e-9);
            Assert.InRange(OffloadingBounds.LeastOverhead(game), least * (1 - 1e-12), least);
        }
        Assert.InRange(aboveZero, 1, 39);
    }

    [Fact]
    public void Greedy_and_cross_entropy_do_better_than_computing_locally()
    {
        var game = OffloadingGame.Draw(new OffloadingOptions { InputBits = 2.5e6 }, 2);
        var local = Value(game, OffloadingBaselines.AllLocal(game), OffloadingObjective.TotalOverhead);
        var greedy = Value(game, OffloadingBaselines.Greedy(game), OffloadingObjective.TotalOverhead);
        var entropy = CrossEntropySearch.Solve(game, OffloadingObjective.TotalOverhead, new(), 2);
        Assert.True(greedy < 0.9 * local && entropy.Value < 0.9 * local);
        Assert.Equal(entropy.Value, Value(game, entropy.Choices, OffloadingObjective.TotalOverhead), 1e-9);
    }

    [Fact]
    public void Homogeneous_access_is_an_equilibrium_of_one_channel()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var options = OffloadingOptions.PowerControlled(60) with { Channels = 1, NoiseWatts = 1e-9 };
            var game = OffloadingGame.Draw(options, seed);
            var choices = HomogeneousAccess.Solve(game.Interference);
            game.Reset(choices);
            Assert.True(game.Certify(StopReason.Equilibrium).IsEquilibrium);
            Assert.True(OffloadingOutcome.Of(game).BeneficialUsers > 3);
        }
        var uneven = OffloadingGame.Draw(new OffloadingOptions { Channels = 1 }, 1);
        Assert.Throws<ArgumentException>(() => HomogeneousAccess.Solve(uneven.Interference));
    }

    private static double Value(OffloadingGame game, int[] profile, OffloadingObjective objective)
    {
        game.Reset(profile);
        var outcome = OffloadingOutcome.Of(game);
        return objective == OffloadingObjective.TotalOverhead ? outcome.TotalOverhead : -outcome.BeneficialUsers;
    }

    private static IEnumerable<int[]> Profiles(int users, int choices)
    {
        var count = (int)Math.Pow(choices, users);
        for (var code = 0; code < count; code++)
        {
            var rest = code;
            yield return [.. Enumerable.Range(0, users).Select(_ =>
            {
                var digit = rest % choices;
                rest /= choices;
                return digit;
            })];
        }
    }
}
