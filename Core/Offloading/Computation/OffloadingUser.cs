namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>
/// One mobile user with one task, after Chen, Jiao, Li, Fu, IEEE/ACM ToN 24(5), 2016, section II. An overhead is the
/// weighted sum of seconds and joules.
/// </summary>
/// <param name="InputBits">b: what must be sent to offload, bit.</param>
/// <param name="TaskCycles">d: CPU cycles of the task.</param>
/// <param name="LocalCyclesPerSecond">f_m: the user's CPU, Hz.</param>
/// <param name="CloudCyclesPerSecond">f_c: the cloud's CPU for this user, Hz.</param>
/// <param name="LocalJoulesPerCycle">gamma: energy of one local cycle, J.</param>
/// <param name="TransmitWatts">q: power while sending, W.</param>
/// <param name="ReceivedWatts">Q = q g: power at the base station, W.</param>
/// <param name="TailJoules">L: energy of holding the channel after sending, J.</param>
/// <param name="TimeWeight">lambda_t, 1/s, at least 0.</param>
/// <param name="EnergyWeight">lambda_e, 1/J, at least 0.</param>
public readonly record struct OffloadingUser(
    double InputBits,
    double TaskCycles,
    double LocalCyclesPerSecond,
    double CloudCyclesPerSecond,
    double LocalJoulesPerCycle,
    double TransmitWatts,
    double ReceivedWatts,
    double TailJoules,
    double TimeWeight,
    double EnergyWeight)
{
    /// <summary>t_m = d / f_m, s.</summary>
    public double LocalSeconds => TaskCycles / LocalCyclesPerSecond;

    /// <summary>e_m = gamma d, J.</summary>
    public double LocalJoules => LocalJoulesPerCycle * TaskCycles;

    /// <summary>K_m = lambda_t t_m + lambda_e e_m (eq. 4).</summary>
    public double LocalOverhead => (TimeWeight * LocalSeconds) + (EnergyWeight * LocalJoules);

    /// <summary>Overhead of offloading that does not depend on the rate: lambda_t d / f_c + lambda_e L.</summary>
    public double CloudFixedOverhead => (TimeWeight * TaskCycles / CloudCyclesPerSecond) + (EnergyWeight * TailJoules);

    /// <summary>
    /// K_c at an uplink rate: lambda_t (b/r + d/f_c) + lambda_e (q b/r + L) (eq. 9); infinite at rate 0.
    /// </summary>
    public double CloudOverhead(double bitsPerSecond) =>
        ((TimeWeight + (EnergyWeight * TransmitWatts)) * (InputBits / bitsPerSecond)) + CloudFixedOverhead;

    /// <summary>
    /// The smallest rate at which offloading is no dearer than computing locally, bit/s; infinite where no rate is
    /// enough because the local overhead does not exceed the cloud's fixed part (games.md, finding 2a).
    /// </summary>
    public double BreakEvenBitsPerSecond
    {
        get
        {
            var margin = LocalOverhead - CloudFixedOverhead;
            var perRate = (TimeWeight + (EnergyWeight * TransmitWatts)) * InputBits;
            return margin > 0 ? perRate / margin : double.PositiveInfinity;
        }
    }

    /// <summary>
    /// T: the interference up to which offloading is no dearer than computing locally, W:
    /// Q / (2^(breakEven/w) - 1) - noise (lemma 1, with lambda_t t_m as in its proof); negative infinity for never.
    /// </summary>
    public double InterferenceThresholdWatts(double bandwidthHertz, double noiseWatts)
    {
        var exponent = BreakEvenBitsPerSecond / bandwidthHertz;
        return double.IsPositiveInfinity(exponent)
            ? double.NegativeInfinity
            : (ReceivedWatts / PowerOfTwoMinusOne(exponent)) - noiseWatts;
    }

    /// <exception cref="OrleansEdgeException">
    /// A quantity is negative, not a number, or zero where it divides (65).
    /// </exception>
    public void Validate(int index)
    {
        Positive(index, InputBits, nameof(InputBits));
        Positive(index, TaskCycles, nameof(TaskCycles));
        Positive(index, LocalCyclesPerSecond, nameof(LocalCyclesPerSecond));
        Positive(index, CloudCyclesPerSecond, nameof(CloudCyclesPerSecond));
        NotNegative(index, LocalJoulesPerCycle, nameof(LocalJoulesPerCycle));
        NotNegative(index, TransmitWatts, nameof(TransmitWatts));
        Positive(index, ReceivedWatts, nameof(ReceivedWatts));
        NotNegative(index, TailJoules, nameof(TailJoules));
        NotNegative(index, TimeWeight, nameof(TimeWeight));
        NotNegative(index, EnergyWeight, nameof(EnergyWeight));
        Positive(index, TimeWeight + EnergyWeight, "TimeWeight + EnergyWeight");
    }

    // 2^x - 1 keeps its digits for small x as expm1 does: 2 sinh(y) e^y with y = x ln 2 / 2.
    private static double PowerOfTwoMinusOne(double exponent)
    {
        var half = exponent * (Math.Log(2) / 2);
        return half > 300 ? double.PositiveInfinity : 2 * Math.Sinh(half) * Math.Exp(half);
    }

    private static void Positive(int index, double value, string what)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw OrleansEdgeException.WrongData(
                FormattableString.Invariant($"user {index}: {what} {value}; expected a finite number above 0"));
        }
    }

    private static void NotNegative(int index, double value, string what)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw OrleansEdgeException.WrongData(
                FormattableString.Invariant($"user {index}: {what} {value}; expected a finite number, 0 or more"));
        }
    }
}
