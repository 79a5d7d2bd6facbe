namespace OrleansEdge.Core.Offloading;

/// <summary>Radio formulas that the games share.</summary>
public static class Radio
{
    /// <summary>Channel gain of distance-power path loss: distance^-exponent, dimensionless.</summary>
    public static double PathLossGain(double distanceMeters, double exponent) => Math.Pow(distanceMeters, -exponent);

    /// <summary>Shannon and Hartley: bandwidth log2(1 + signal / (noise + interference)), bit/s.</summary>
    public static double ShannonBitsPerSecond(
        double bandwidthHertz, double signalWatts, double noiseAndInterferenceWatts) =>
        bandwidthHertz * Log2OnePlus(signalWatts / noiseAndInterferenceWatts);

    /// <summary>log2(1 + x) with all its digits where x is next to nothing (Kahan).</summary>
    private static double Log2OnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x / Math.Log(2) : x < 0.5 ? Math.Log2(sum) * x / (sum - 1) : Math.Log2(sum);
    }

    /// <summary>dBm as watts: -100 dBm is 1e-13 W.</summary>
    public static double DbmToWatts(double dbm) => Math.Pow(10, (dbm - 30) / 10);
}
