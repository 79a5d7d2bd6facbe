using OrleansEdge.Core;
using OrleansEdge.Core.Games;
using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Tests.Offloading;

/// <summary>The parts of an offloading game that live on machines of their own.</summary>
public sealed class SeparateMachinesTests
{
    private static readonly OffloadingOptions Crowd = new() { Users = 50, Channels = 6, InputBits = 2.5e6 };

    [Fact]
    public void A_ledger_is_the_sum_of_the_latest_holdings_in_whatever_order_and_however_often_they_come() =>
        AnySeed.Satisfies(100, seed =>
        {
            var random = new RandomStream(seed, "test.ledger");
            var holdings = new (int Member, long Sequence, int[] Channels, long[] Powers)[60];
            for (var i = 0; i < holdings.Length; i++)
            {
                var channels = Enumerable.Range(0, 5).Where(_ => random.NextInt(2) == 0).ToArray();
                var powers = channels.Select(channel => (long)(seed % 1000) + channel).ToArray();
                holdings[i] = (random.NextInt(8), i + 1, channels, powers);
            }
            var expected = new long[5];
            foreach (var last in holdings.GroupBy(holding => holding.Member).Select(group => group.MaxBy(h => h.Sequence)))
            {
                foreach (var (channel, power) in last.Channels.Zip(last.Powers))
                {
                    expected[channel] += power;
                }
            }
            var ledger = new SiteLedger(5);
            var messages = holdings.Concat(holdings).ToArray();
            random.Shuffle<(int, long, int[], long[])>(messages);
            foreach (var (member, sequence, channels, powers) in messages)
            {
                ledger.Hold(member, sequence, channels, powers);
            }
            Assert.Equal(expected, ledger.Loads);
        });

    [Fact]
    public void A_late_holding_is_refused_and_a_repeated_one_is_not()
    {
        var ledger = new SiteLedger(2);
        Assert.True(ledger.Hold(7, 2, [0], [5]));
        Assert.False(ledger.Hold(7, 1, [1], [9]));
        Assert.True(ledger.Hold(7, 2, [0], [5]));
        Assert.Equal([5L, 0L], ledger.Loads);
        AssertWrong("member 7: channel 2; expected 0 to 1", () => ledger.Hold(7, 3, [2], [1]));
        AssertWrong("member 7: power -1; expected at least 0", () => ledger.Hold(7, 3, [1], [-1]));
        AssertWrong("member 7: 1 channels and 0 powers", () => ledger.Hold(7, 3, [1], []));
        Assert.Equal([5L, 0L], ledger.Loads);
    }

    [Fact]
    public void Blocks_that_sweep_one_after_the_other_do_what_one_sweep_over_all_does() =>
        AnySeed.Satisfies(50, seed =>
        {
            var game = OffloadingGame.Draw(Crowd, seed);
            var whole = new InterferenceState(game.Interference, OffloadingBaselines.Random(game, seed));
            var loads = new LoadTree(whole.Loads.Loads);
            var cut = 1 + (int)(seed % 48);
            var choices = new List<int>();
            var moves = 0L;
            foreach (var range in new Range[] { ..cut, cut.. })
            {
                var block = new PlayerBlock(
                    game.Interference.Powers[range].ToArray(), game.Interference.Thresholds[range].ToArray(),
                    whole.Choices[range]);
                moves += block.Sweep(loads);
                choices.AddRange(block.Choices.ToArray());
            }
            Assert.Equal(whole.Sweep(0, 50), moves);
            Assert.Equal(whole.Choices, choices.ToArray());
            Assert.Equal(whole.Loads.Loads, loads.Loads);
        });

    [Fact]
    public void Users_on_closed_channels_compute_locally_and_never_choose_one()
    {
        var block = new PlayerBlock([1, 1, 1], [100, 100, 0], [1, 2, 0]);
        Assert.Equal(1, block.LeaveClosed([PlayerBlock.Closed, 1]));
        Assert.Equal([0, 2, 0], block.Choices);
        Assert.Equal(2, block.BestResponse(0, new LoadTree([PlayerBlock.Closed, 99])));
        Assert.Equal(0, block.BestResponse(0, new LoadTree([PlayerBlock.Closed, 100])));
        Assert.Equal(0, block.BestResponse(0, new LoadTree([PlayerBlock.Closed, PlayerBlock.Closed])));
    }

    [Fact]
    public void Who_goes_to_another_site_leaves_before_it_arrives()
    {
        var sites = new SiteChannels(channels: 5, sites: 2);
        Assert.Equal((0, 2, 2, 5), (sites.Of(0).Start, sites.Of(0).End, sites.Of(1).Start, sites.Of(1).End));
        Assert.Equal([2, 0, 0, 4, 0], sites.Between(before: [1, 1, 4, 0, 3], after: [2, 3, 1, 4, 0]));
    }

    [Fact]
    public void A_verdict_counts_only_channels_in_service()
    {
        var game = OffloadingGame.Draw(Crowd with { Channels = 4 }, 3);
        var played = OffloadingSweeps.Run(game);
        int[] numbers = [0, 1, 2, 5, 6];
        int[] profile = [.. played.Profile.Select(choice => numbers[choice])];
        bool[] open = [true, true, false, false, true, true];
        var verdict = OffloadingVerdict.Of(Crowd, 3, profile, open, StopReason.Equilibrium);
        Assert.True(verdict.Certificate is { IsEquilibrium: true, MaxRegret: 0 });
        Assert.Equal(played.Certificate.PotentialEnd, verdict.Certificate.PotentialEnd);
        Assert.Equal(ProfileHash.Of(profile), verdict.Certificate.ProfileHash);
        var wider = OffloadingVerdict.Of(
            Crowd, 3, profile, [true, true, true, true, true, true], StopReason.Equilibrium);
        Assert.True(wider.Certificate is { IsEquilibrium: false, MaxRegret: > 0 });
        AssertWrong("choice 5; expected 0 or a channel in service", () => OffloadingVerdict.Of(
            Crowd, 3, profile, [true, true, true, true, false, true], StopReason.Equilibrium));
        AssertWrong("no channel is in service", () => OffloadingVerdict.Of(
            Crowd, 3, profile, new bool[6], StopReason.Equilibrium));
    }

    private static void AssertWrong(string expected, Action action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
