namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>One sweep of He, Cui, Zhang, Chen et al., IEEE TPDS 31(3), 2020.</summary>
/// <param name="Name">As the paper numbers it.</param>
/// <param name="Axis">What is swept.</param>
/// <param name="Settings">Users, servers and mean capacity of each point.</param>
/// <param name="IsSmall">The optimum is computed as well.</param>
internal sealed record EuaSet(string Name, string Axis, IReadOnlyList<(int Users, int Servers, int Capacity)> Settings,
    bool IsSmall)
{
    /// <summary>Read off the charts, to about 10 %; null where there is none.</summary>
    public double[]? PaperIterations { get; init; }

    /// <summary>Share of the users that are allocated, read off the charts; null where there is none.</summary>
    public double[]? PaperAllocated { get; init; }

    public static IReadOnlyList<EuaSet> All { get; } =
    [
        new("1.1", "users", [.. Enumerable.Range(1, 8).Select(i => (4 * i, 5, 6))], true),
        new("1.2", "servers", [.. Enumerable.Range(1, 8).Select(i => (24, i, 6))], true),
        new("1.3", "capacity", [.. Enumerable.Range(1, 10).Select(i => (24, 5, i))], true),
        new("2.1", "users", [.. Enumerable.Range(7, 8).Select(i => (1 << i, 256, 90))], false),
        new("2.2", "servers", [.. Enumerable.Range(3, 8).Select(i => (4096, 1 << i, 90))], false)
        {
            PaperIterations = [700, 1000, 1700, 2600, 3400, 3900, 4200, 4500],
            PaperAllocated = [0.15, 0.20, 0.40, 0.60, 0.80, 0.90, 0.95, 1],
        },
        new("2.3", "capacity", [.. Enumerable.Range(1, 10).Select(i => (4096, 256, 10 * i))], false)
        {
            PaperIterations = [2400, 3500, 3700, 3700, 4000, 4100, 3900, 3900, 3900, 3800],
        },
    ];
}
