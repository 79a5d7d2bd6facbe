using System.Globalization;
using System.Text;
using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>
/// What a reproduction shows, written once: the report with its charts, the Markdown page with its tables, and the
/// tables for the console.
/// </summary>
internal sealed class ResultPage(string title, string description)
{
    private readonly List<Action<ReportBuilder>> _report = [];
    private readonly StringBuilder _markdown = new();
    private readonly List<ReportTable> _tables = [];
    private string _description = description;

    /// <summary>Tables that are not folded away.</summary>
    public IReadOnlyList<ReportTable> Tables => _tables;

    /// <summary>Adds a headline figure to the report.</summary>
    public ResultPage Fact(string label, string value, string? note = null) =>
        Then(report => report.Fact(label, value, note));

    /// <summary>Begins a section.</summary>
    public ResultPage Section(string heading, string? text = null)
    {
        _markdown.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n");
        Then(report => report.Section(heading));
        return text is null ? this : Paragraph(text);
    }

    /// <summary>Adds a paragraph.</summary>
    public ResultPage Paragraph(string text)
    {
        _markdown.Append(text).Append("\n\n");
        return Then(report => report.Paragraph(text));
    }

    /// <summary>Adds a chart to the report.</summary>
    public ResultPage Add(Chart chart) => Then(report => report.Add(chart));

    /// <summary>Adds a table; a folded one stays out of the console and of Markdown.</summary>
    public ResultPage Add(ReportTable table)
    {
        if (!table.Folded)
        {
            _tables.Add(table);
            MarkdownTable.Append(_markdown, table);
        }
        return Then(report => report.Add(table));
    }

    /// <summary>Adds a sentence to what stands under the title.</summary>
    public ResultPage Notice(string sentence)
    {
        _description += " " + sentence;
        return this;
    }

    public ReportBuilder ToReport()
    {
        var report = new ReportBuilder(title, _description);
        _report.ForEach(add => add(report));
        return report;
    }

    /// <param name="command">What repeats it.</param>
    public string ToMarkdown(string command) =>
        $"# {title}\n\n{_description}\n\n{_markdown}{FigureTable.Origin(command)}";

    private ResultPage Then(Action<ReportBuilder> add)
    {
        _report.Add(add);
        return this;
    }
}
