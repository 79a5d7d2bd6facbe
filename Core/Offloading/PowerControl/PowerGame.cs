using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.PowerControl;

/// <summary>
/// A game in which every user of a network chooses its power between 0 and the largest, and wants its utility high.
/// </summary>
public abstract class PowerGame(PowerNetwork network)
{
    public PowerNetwork Network => network;

    /// <summary>What a user gets.</summary>
    /// <param name="watts">[users].</param>
    public abstract double Utility(int user, ReadOnlySpan<double> watts);

    /// <summary>The power with the highest utility against the others', W.</summary>
    public abstract double BestResponse(int user, ReadOnlySpan<double> watts);

    /// <summary>Whether <see cref="Potential"/> is one for this network, and of what kind; null for none.</summary>
    public abstract PotentialKind? PotentialKind { get; }

    /// <summary>
    /// A function that rises with every move that raises the mover's utility; where <see cref="PotentialKind"/> is
    /// null, no claim is made.
    /// </summary>
    public abstract double Potential(ReadOnlySpan<double> watts);

    /// <summary>A bound on how far <see cref="Utility"/> is off by rounding.</summary>
    public double UtilityError(int user, ReadOnlySpan<double> watts) =>
        (watts.Length + 16) * CostComparison.Ulp * UtilityScale(user, watts);

    /// <summary>
    /// What the utilities of a user around here are measured by: the sizes of the terms that they are made of.
    /// </summary>
    public abstract double UtilityScale(int user, ReadOnlySpan<double> watts);

    /// <summary>
    /// A user's regret: utility of its best response less its own. The best response is rounded too, which its utility
    /// feels no more than its own rounding.
    /// </summary>
    public Regret RegretOf(int user, ReadOnlySpan<double> watts)
    {
        var moved = watts.ToArray();
        moved[user] = BestResponse(user, watts);
        return moved[user] == watts[user] ? default : Regret.Between(
            -Utility(user, watts), UtilityError(user, watts), -Utility(user, moved), 2 * UtilityError(user, moved));
    }

    private protected double Clip(double watts) => Math.Clamp(watts, 0, network.MostWatts);
}

/// <summary>
/// u = ln SINR - c p: the interference does not depend on the own power, so sum (ln p - c p) is an exact potential and
/// 1 / c dominates.
/// </summary>
public sealed class LogSinrPowerGame(PowerNetwork network, double pricePerWatt) : PowerGame(network)
{
    public override PotentialKind? PotentialKind => Games.PotentialKind.Exact;

    public override double Utility(int user, ReadOnlySpan<double> watts) =>
        Math.Log(Network.Sinr(user, watts)) - (pricePerWatt * watts[user]);

    public override double UtilityScale(int user, ReadOnlySpan<double> watts) =>
        1 + Math.Abs(Math.Log(Network.Sinr(user, watts))) + (pricePerWatt * watts[user]);

    public override double BestResponse(int user, ReadOnlySpan<double> watts) => Clip(1 / pricePerWatt);

    public override double Potential(ReadOnlySpan<double> watts)
    {
        var sum = 0.0;
        foreach (var power in watts)
        {
            sum += Math.Log(power) - (pricePerWatt * power);
        }
        return sum;
    }
}

/// <summary>
/// u = ln(1 + SINR) - c p, a rate in nat/s/Hz less a price. The best response fills water: 1 / c - I / (G h). With one
/// receiver and no processing gain ln(noise + sum p h) - c sum p is an exact potential (multiple access channel).
/// </summary>
public sealed class RatePowerGame(PowerNetwork network, double pricePerWatt) : PowerGame(network)
{
    public override PotentialKind? PotentialKind =>
        Network.HasSingleReceiver && Network.ProcessingGain == 1 ? Games.PotentialKind.Exact : null;

    public override double Utility(int user, ReadOnlySpan<double> watts) =>
        Math.Log(1 + Network.Sinr(user, watts)) - (pricePerWatt * watts[user]);

    public override double UtilityScale(int user, ReadOnlySpan<double> watts) =>
        1 + Math.Log(1 + Network.Sinr(user, watts)) + (pricePerWatt * watts[user]);

    public override double BestResponse(int user, ReadOnlySpan<double> watts) => Clip((1 / pricePerWatt)
        - (Network.InterferenceWatts(user, watts) / (Network.ProcessingGain * Network.Gain(user, user))));

    public override double Potential(ReadOnlySpan<double> watts)
    {
        var (received, spent) = (Network.NoiseWatts, 0.0);
        for (var user = 0; user < watts.Length; user++)
        {
            received += watts[user] * Network.Gain(0, user);
            spent += watts[user];
        }
        return Math.Log(received) - (pricePerWatt * spent);
    }
}

/// <summary>
/// u = -|target - SINR|, target tracking: the best response is Foschini's and Miljanic's p target / SINR, up to the
/// largest power. With one receiver and K the processing gain this is power control in cognitive radio as on the
/// slides, with the ordinal potential 2 target / K sum_{i &lt; k} x_i x_k + sum (-x_i^2 + 2 target noise x_i / K) of
/// the received powers x = g p, for targets that are alike. The slides print its last term without the noise, which is
/// right for a noise of 1 only.
/// </summary>
/// <param name="targets">[users], each above 0.</param>
public sealed class TargetPowerGame(PowerNetwork network, double[] targets) : PowerGame(network)
{
    public override PotentialKind? PotentialKind =>
        Network.HasSingleReceiver && targets.All(target => target == targets[0]) ? Games.PotentialKind.Ordinal : null;

    /// <summary>[users].</summary>
    public ReadOnlySpan<double> Targets => targets;

    public override double Utility(int user, ReadOnlySpan<double> watts) =>
        -Math.Abs(targets[user] - Network.Sinr(user, watts));

    public override double UtilityScale(int user, ReadOnlySpan<double> watts) =>
        targets[user] + Network.Sinr(user, watts);

    public override double BestResponse(int user, ReadOnlySpan<double> watts) => Clip(
        targets[user] * Network.InterferenceWatts(user, watts) / (Network.ProcessingGain * Network.Gain(user, user)));

    public override double Potential(ReadOnlySpan<double> watts)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var user = 0; user < watts.Length; user++)
        {
            var received = watts[user] * Network.Gain(0, user);
            sum += received;
            squares += received * received;
        }
        var share = targets[0] / Network.ProcessingGain;
        return (share * ((sum * sum) - squares)) - squares + (2 * share * Network.NoiseWatts * sum);
    }
}
