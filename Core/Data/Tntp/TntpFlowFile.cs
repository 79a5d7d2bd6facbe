using System.Globalization;
using System.Text;
using OrleansEdge.Core.Games.Nonatomic;

namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Volume and cost of one link in a flow file; nodes counted from 1.</summary>
public readonly record struct TntpFlow(int From, int To, double Volume, double Cost);

/// <summary>
/// Reads and formats TNTP link flows ("..._flow.tntp"): a header line, then "from to volume cost" per link.
/// </summary>
public static class TntpFlowFile
{
    /// <exception cref="OrleansEdgeException">
    /// The file is missing (66), or a line is cut short or holds no number (65).
    /// </exception>
    public static TntpFlow[] Read(string path)
    {
        var file = TntpFile.Read(path, hasMetadata: false);
        return [.. file.Data.Skip(1).Select(entry =>
        {
            var fields = file.Fields(entry.Line, entry.Text, 4, "from to volume cost");
            return new TntpFlow(
                file.Integer(entry.Line, "from", fields[0]),
                file.Integer(entry.Line, "to", fields[1]),
                file.Number(entry.Line, "volume", fields[2]),
                file.Number(entry.Line, "cost", fields[3]));
        })];
    }

    /// <summary>The flows of an assignment as the text of a flow file, in the order of the network's links.</summary>
    public static string Format(TrafficEquilibrium equilibrium)
    {
        var times = equilibrium.LinkTimes();
        var text = new StringBuilder("From\tTo\tVolume\tCost\n");
        foreach (var (index, link) in equilibrium.Network.Links.Index())
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{link.From}\t{link.To}\t{equilibrium.LinkFlows[index]:R}\t{times[index]:R}\n");
        }
        return text.ToString();
    }
}
