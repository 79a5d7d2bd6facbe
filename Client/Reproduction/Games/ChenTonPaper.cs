using OrleansEdge.Core.Offloading.Computation;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>
/// Points read off the charts of Chen, Jiao, Li, Fu, IEEE/ACM ToN 24(5), 2016, section VI, to about 10 %, and what an
/// independent program gives for the printed parameters (2,000 seeds).
/// </summary>
internal static class ChenTonPaper
{
    public static IReadOnlyList<int> Users { get; } = [15, 20, 25, 30, 35, 40, 45, 50];

    public static double[] Beneficial { get; } = [15, 18, 21, 24, 28, 30, 33, 37];

    public static double[] CloudBeneficial { get; } = [12, 15, 17, 20, 23, 24, 26, 29];

    /// <summary>The first point reads as 16 of 15 users and shows how far the readings can be trusted.</summary>
    public static double[] CentralBeneficial { get; } = [16, 20, 23, 27, 31, 34, 35, 39];

    public static double[] Overhead { get; } = [10, 13, 17, 25, 31, 36, 40, 50];

    public static double[] CloudOverhead { get; } = [12, 20, 28, 41, 63, 79, 87, 105];

    public static double[] LocalOverhead { get; } = [27, 36, 45, 54, 63, 71, 80, 88];

    public static double[] CentralOverhead { get; } = [8, 12, 16, 22, 27, 31, 36, 44];

    public static double[] Slots { get; } = [20, 30, 40, 45, 50, 55, 60, 65];

    /// <summary>Ways to read the parameters.</summary>
    public static IReadOnlyList<ChenTonReading> Readings { get; } =
    [
        new("as printed, 5000 KB of 8000 bit", new OffloadingOptions(),
            [new(15, 5.90, 17.18, 13.4), new(30, 6.06, 42.45, 20.2), new(50, 6.07, 76.64, 25.0)]),
        new("as printed, 5000 kbit", new OffloadingOptions { InputBits = 5e6 },
            [new(15, 8.89, 13.35, 20.5), new(30, 10.18, 38.17, 36.3), new(50, 10.39, 72.34, 48.2)]),
        new("all received alike, 2500 kbit", OffloadingOptions.PowerControlled(100),
            [new(15, 15.0, 7.7, 15), new(30, 23.2, 22.7, 31), new(50, 33.4, 48, 48)]),
    ];
}

/// <summary>A way to read the paper's parameters.</summary>
internal sealed record ChenTonReading(string Name, OffloadingOptions Options, IReadOnlyList<ChenTonReplica> Replicas);

/// <summary>Means of an independent program.</summary>
internal sealed record ChenTonReplica(int Users, double Beneficial, double Overhead, double Slots);
