using System.Text;

namespace OrleansEdge.Client.Reporting;

/// <summary>A <see cref="ReportTable"/> as Markdown, numbers to the right.</summary>
internal static class MarkdownTable
{
    public static string Of(ReportTable table)
    {
        var text = new StringBuilder();
        Append(text, table.Columns);
        Append(text, [.. table.Columns.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in table.Rows)
        {
            Append(text, row);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
