using System.Text;
using OrleansEdge.Core;
using OrleansEdge.Core.Data.Tntp;

namespace OrleansEdge.Tests.Data;

/// <summary>TNTP files of a test: two routes from zone 1 to zone 2, over node 3 or node 4.</summary>
internal sealed class TntpFiles : IDisposable
{
    /// <summary>Flows of the two routes in equilibrium at 1500 trips.</summary>
    public const double OverNode3 = 708.004762, OverNode4 = 791.995238;

    public const string Head = """
        <NUMBER OF ZONES> 2
        <NUMBER OF NODES> 4
        <FIRST THRU NODE> 3
        <NUMBER OF LINKS> 4
        <END OF METADATA>

        """;

    public const string Links = """
        1 3 1000 1 1 0.15 4 0 0 1 ;
        1 4 1000 1 1 0.15 4 0 0 1 ;
        3 2 500 1 10 0.15 4 0 0 1 ;
        4 2 600 1 11 0.15 4 0 0 1 ;

        """;

    public const string TripsHead = """
        <NUMBER OF ZONES> 2
        <TOTAL OD FLOW> 1500.0
        <END OF METADATA>

        """;

    public const string Trips = TripsHead + "Origin 1\n  2 : 1500.0;\n";

    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    public string Write(string name, string text) => _folder.Add(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes) => _folder.Add(name, bytes);

    public TntpNetwork Network(string text) => TntpNetworkReader.Read(Write("x_net.tntp", text));

    /// <summary>Reads trips on the two routes, or on the network of a text.</summary>
    public TntpTrips Demand(string text, string network = Head + Links) =>
        TntpTripsReader.Read(Write("x_trips.tntp", text), Network(network));

    /// <summary>The error of wrong data: one line of which the part after the path begins as expected.</summary>
    public static void AssertWrong(string expected, Action action)
    {
        var exception = Assert.Throws<OrleansEdgeException>(action);
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    public void Dispose() => _folder.Dispose();
}
