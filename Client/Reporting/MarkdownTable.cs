using System.Text;

namespace OrleansEdge.Client.Reporting;

/// <summary>A <see cref="ReportTable"/> as Markdown: its title above, its note below, numbers to the right.</summary>
internal static class MarkdownTable
{
    public static void Append(StringBuilder page, ReportTable table)
    {
        page.Append(table.Title is null ? "" : $"{table.Title}:\n\n");
        AppendRow(page, table.Columns);
        AppendRow(page, [.. table.Columns.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in table.Rows)
        {
            AppendRow(page, row);
        }
        page.Append(table.Note is null ? "\n" : $"\n{table.Note}\n\n");
    }

    private static void AppendRow(StringBuilder page, IReadOnlyList<string> cells) =>
        page.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
