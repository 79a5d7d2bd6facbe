namespace OrleansEdge.Core.Offloading;

/// <summary>Radio formulas that the games share.</summary>
public static class Radio
{
    /// <summary>Channel gain of distance-power path loss: distance^-exponent, dimensionless.</summary>
    public static double PathLossGain(double distanceMeters, double exponent) => Math.Pow(distanceMeters, -exponent);

    /// <summary>Shannon and Hartley: bandwidth log2(1 + signal / (noise + interference)), bit/s.</summary>
    public static double ShannonBitsPerSecond(
        double bandwidthHertz, double signalWatts, double noiseAndInterferenceWatts) =>
        bandwidthHertz * Math.Log2(1 + (signalWatts / noiseAndInterferenceWatts));

    /// <summary>dBm as watts: -100 dBm is 1e-13 W.</summary>
    public static double DbmToWatts(double dbm) => Math.Pow(10, (dbm - 30) / 10);
}
