using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Offloading.Allocation;

namespace OrleansEdge.Client.Games.Play;

/// <summary>
/// An instance of edge user allocation as JSON: the servers that cover each user, what users ask for and servers have
/// in each dimension, the weights of the dimensions, and the curve of sharing.
/// </summary>
internal sealed record AllocationFile
{
    /// <summary>[users][] numbers of covering servers, from 0.</summary>
    public required int[][] Coverage { get; init; }

    /// <summary>[users][dimensions] units, at least 0.</summary>
    public required int[][] Demands { get; init; }

    /// <summary>[servers][dimensions] units, at least 0.</summary>
    public required double[][] Capacities { get; init; }

    /// <summary>[dimensions] 0 to 1.</summary>
    public required double[] Weights { get; init; }

    /// <summary>x of the share that users of one server save, above 0 and below 1.</summary>
    public required double SharingBase { get; init; }

    /// <summary>They never save more than this share, 0 to below 1.</summary>
    public required double MostShared { get; init; }

    public static AllocationFile Of(AllocationProblem problem, AllocationOptions options) => new()
    {
        Coverage = Each(problem.Users, user => problem.Coverage.Sites(user).ToArray()),
        Demands = Each(problem.Users, user => problem.Demands(user).ToArray()),
        Capacities = Each(problem.Servers, server => Array.ConvertAll(
            problem.Capacities(server).ToArray(), capacity => (double)capacity / AllocationProblem.One)),
        Weights = [.. options.DimensionWeights],
        SharingBase = options.SharingBase,
        MostShared = options.MostShared,
    };

    /// <exception cref="OrleansEdgeException">A value is wrong (65).</exception>
    public AllocationProblem ToProblem()
    {
        var (dimensions, servers) = (GameFile.Required(Weights, "weights").Length, GameFile.Required(Capacities, "capacities"));
        foreach (var (user, covering) in GameFile.Required(Coverage, "coverage").Index())
        {
            if (Array.FindIndex(covering, server => (uint)server >= (uint)servers.Length) is var wrong && wrong >= 0)
            {
                throw OrleansEdgeException.WrongData(
                    $"coverage[{user}]: server {covering[wrong]}; expected 0 to {servers.Length - 1}");
            }
            if (covering.Distinct().Count() != covering.Length)
            {
                throw OrleansEdgeException.WrongData($"coverage[{user}] names a server twice; expected each once");
            }
        }
        if (!(SharingBase > 0 && SharingBase < 1) || !(MostShared >= 0 && MostShared < 1))
        {
            throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                $"sharingBase is {SharingBase} and mostShared {MostShared}; expected above 0 and from 0, both below 1"));
        }
        return new AllocationProblem(
            CoverageMap.From(Coverage, servers.Length), GameFile.Flat(Demands, "demands", dimensions), Weights,
            GameFile.Flat(Capacities, "capacities", dimensions), SharingBase, MostShared);
    }

    private static T[] Each<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];
}
