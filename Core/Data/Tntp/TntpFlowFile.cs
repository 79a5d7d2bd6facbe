using System.Globalization;
using System.Text;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Volume and cost of one link in a flow file; nodes by the file's numbers.</summary>
public readonly record struct TntpFlow(long From, long To, double Volume, double Cost);

/// <summary>
/// Reads and formats TNTP link flows ("..._flow.tntp"): "from to volume cost" per link, under a header line or without
/// one.
/// </summary>
public static class TntpFlowFile
{
    private const int FieldCount = 4;

    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66), or a line is cut short or holds no number (65).
    /// </exception>
    public static TntpFlow[] Read(string path)
    {
        var file = TntpFile.Read(
            path, "NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS");
        file.TakeHeader();
        return [.. file.Statements(FieldCount).Select(statement =>
        {
            var (line, fields) = (statement.Line, Array.FindAll(statement.Fields, field => field != ":"));
            return fields.Length != FieldCount
                ? throw file.Wrong(line, $"{fields.Length} fields", $"{FieldCount}: from to volume cost")
                : new TntpFlow(
                    file.Integer(line, "from", fields[0]),
                    file.Integer(line, "to", fields[1]),
                    file.Number(line, "volume", fields[2]),
                    file.Number(line, "cost", fields[3]));
        })];
    }

    /// <summary>
    /// The flows of an assignment as the text of a flow file, in the order of the network's links and with its nodes'
    /// numbers. A closed link costs what it would if it were empty and open.
    /// </summary>
    public static string Format(TrafficEquilibrium equilibrium)
    {
        var (network, times) = (equilibrium.Network, equilibrium.LinkTimes());
        var text = new StringBuilder("From\tTo\tVolume\tCost\n");
        foreach (var (index, link) in network.Links.Index())
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{network.NumberOf(link.From)}\t{network.NumberOf(link.To)}\t")
                .Append(CultureInfo.InvariantCulture, $"{equilibrium.LinkFlows[index]:R}\t{times[index]:R}\n");
        }
        return text.ToString();
    }
}
