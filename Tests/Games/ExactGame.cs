using System.Numerics;
using OrleansEdge.Core;
using OrleansEdge.Core.Games;

namespace OrleansEdge.Tests.Games;

/// <summary>
/// Costs of a game by its definition alone, in integers of 2^-1074: the reference that certificates are held against.
/// </summary>
/// <param name="cost">A player's cost in a profile, in those units.</param>
internal sealed class ExactGame(IFiniteGame game, Func<int[], int, BigInteger> cost)
{
    /// <summary>A double as an integer of 2^-1074.</summary>
    public static BigInteger Units(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7FF;
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        return (bits < 0 ? -mantissa : mantissa) * (BigInteger.One << Math.Max(0, exponent - 1));
    }

    /// <summary>c0 + c1 x + c2 x^2 + ...</summary>
    public static BigInteger Polynomial(double[] coefficients, long x) =>
        coefficients.Select((coefficient, power) => Units(coefficient) * BigInteger.Pow(x, power))
            .Aggregate(BigInteger.Zero, BigInteger.Add);

    /// <summary>The largest regret of the game's current profile.</summary>
    public BigInteger MaxRegret()
    {
        var profile = Enumerable.Range(0, game.PlayerCount).Select(game.Strategy).ToArray();
        return Enumerable.Range(0, profile.Length).Max(player =>
            cost(profile, player) - Enumerable.Range(0, game.StrategyCount(player)).Min(strategy =>
            {
                var deviation = (int[])profile.Clone();
                deviation[player] = strategy;
                return cost(deviation, player);
            }));
    }

    /// <summary>No cost is off by more than the game says.</summary>
    public void ConfirmsErrors()
    {
        var profile = Enumerable.Range(0, game.PlayerCount).Select(game.Strategy).ToArray();
        for (var player = 0; player < profile.Length; player++)
        {
            for (var strategy = 0; strategy < game.StrategyCount(player); strategy++)
            {
                var deviation = (int[])profile.Clone();
                deviation[player] = strategy;
                var off = BigInteger.Abs(Units(game.DeviationCost(player, strategy)) - cost(deviation, player));
                Assert.True(off <= Units(game.CostError(player, strategy)), $"player {player}, strategy {strategy}");
            }
        }
    }

    /// <summary>
    /// What a certificate says is true, says no more than is true, and is an equilibrium if that says so.
    /// </summary>
    public void Confirms(EquilibriumCertificate certificate)
    {
        var regret = MaxRegret();
        Assert.True(Units(certificate.MaxRegret) >= regret);
        Assert.Equal(regret == 0, certificate.IsEquilibrium);
        Assert.Equal(regret == 0, certificate.MaxRegret == 0);
        Assert.Equal(regret > 0, certificate.PositiveRegretCount > 0);
        Assert.Equal(0, certificate.Tolerance);
        Assert.True(Units(certificate.MaxRegret) * 999_999 / 1_000_000 <= regret);
    }

    /// <summary>
    /// Numbers that rounding is bad at: tiny, huge, of many digits, zeros, negative, equal but for the last digit.
    /// </summary>
    public static double Nasty(ref RandomStream random, bool mayBeNegative = true)
    {
        var value = random.NextInt(12) switch
        {
            0 => 0,
            1 => 1e-300 * (1 + random.NextInt(3)),
            2 => 1e300 * random.NextDouble(),
            3 => (1L << 53) + (2L * random.NextInt(3)),
            4 => (1L << 53) - random.NextInt(3),
            5 => 1e18,
            6 => 0.1 * random.NextInt(4),
            7 => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(0.3) + random.NextInt(3) - 1),
            8 => double.Epsilon,
            9 => random.NextDouble(),
            _ => random.NextInt(5),
        };
        return mayBeNegative && random.NextInt(4) == 0 ? -value : value;
    }
}
