using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Client.Runs;

namespace OrleansEdge.Client.Reporting;

/// <summary>
/// Builds one self-contained page: headline figures, sections of text, charts and tables. Style, script and data are
/// inside; the page loads nothing.
/// </summary>
/// <param name="title">Heading of the page.</param>
/// <param name="subtitle">One line under it.</param>
public sealed class ReportBuilder(string title, string subtitle)
{
    private static readonly JsonSerializerOptions ChartJson = MakeJson();
    private readonly List<object> _charts = [];
    private readonly StringBuilder _tiles = new();
    private readonly StringBuilder _body = new();
    private bool _inSection;
    private bool _inGrid;

    /// <summary>Adds a headline figure.</summary>
    public ReportBuilder Fact(string label, string value, string? note = null)
    {
        _tiles.Append(CultureInfo.InvariantCulture, $"""<div class="tile"><span>{Text(label)}</span><b>{Text(value)}</b>""")
            .Append(note is null ? "" : $"<small>{Text(note)}</small>").AppendLine("</div>");
        return this;
    }

    /// <summary>Begins a section; what is added next belongs to it.</summary>
    public ReportBuilder Section(string heading, string? text = null)
    {
        EndSection();
        _body.AppendLine(CultureInfo.InvariantCulture, $"<section><h2>{Text(heading)}</h2>");
        _inSection = true;
        return text is null ? this : Paragraph(text);
    }

    /// <summary>Adds a paragraph.</summary>
    public ReportBuilder Paragraph(string text)
    {
        EndGrid();
        _body.AppendLine(CultureInfo.InvariantCulture, $"<p>{Text(text)}</p>");
        return this;
    }

    /// <summary>Adds a chart; neighbouring charts stand side by side where there is room.</summary>
    public ReportBuilder Add(Chart chart)
    {
        if (!_inGrid)
        {
            _body.AppendLine("""<div class="grid">""");
            _inGrid = true;
        }
        var wide = chart.Wide ? " wide" : "";
        var note = chart.Note is null ? "" : $"<small>{Text(chart.Note)}</small>";
        _body.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<figure class="card{wide}" data-chart="{_charts.Count}"><figcaption>{Text(chart.Title)}{note}</figcaption></figure>""");
        _charts.Add(chart);
        return this;
    }

    /// <summary>Adds a table.</summary>
    public ReportBuilder Add(ReportTable table)
    {
        EndGrid();
        var heading = Text(table.Title ?? "");
        _body.Append("""<div class="card">""").Append(table.Folded ? $"<details><summary>{heading}</summary>" : "");
        if (!table.Folded && heading.Length > 0)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<h3>{heading}</h3>");
        }
        _body.Append("""<div class="scroll"><table><thead><tr>""");
        AppendCells("th", table.Columns);
        _body.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            _body.Append("<tr>");
            AppendCells("td", row);
            _body.AppendLine("</tr>");
        }
        _body.Append("</tbody></table></div>").Append(table.Note is null ? "" : $"<small>{Text(table.Note)}</small>")
            .Append(table.Folded ? "</details>" : "").AppendLine("</div>");
        return this;
    }

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        EndSection();
        var parts = new Dictionary<string, string>
        {
            ["title"] = Text(title),
            ["subtitle"] = Text(subtitle),
            ["style"] = Resource("report.css"),
            ["tiles"] = _tiles.Length == 0 ? "" : $"""<div class="tiles">{_tiles}</div>""",
            ["body"] = _body.ToString(),
            ["version"] = Text(ProductVersion.Full),
            ["charts"] = JsonSerializer.Serialize(_charts, ChartJson),
            ["script"] = Resource("report.js"),
        };
        var page = new StringBuilder();
        var template = Resource("report.html").AsSpan();
        for (var open = template.IndexOf("{{"); open >= 0; open = template.IndexOf("{{"))
        {
            var close = template.IndexOf("}}");
            page.Append(template[..open]).Append(parts[template[(open + 2)..close].ToString()]);
            template = template[(close + 2)..];
        }
        return page.Append(template).ToString();
    }

    /// <summary>Writes the page beside its place and renames it.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, ToHtml());

    private void AppendCells(string element, IReadOnlyList<string> cells)
    {
        for (var column = 0; column < cells.Count; column++)
        {
            var isNumber = element == "td" && column > 0 && cells[column] is [>= '0' and <= '9' or '-' or '+' or '–', ..];
            _body.Append(CultureInfo.InvariantCulture, $"<{element}{(isNumber ? " class=\"n\"" : "")}>{Text(cells[column])}</{element}>");
        }
    }

    private void EndGrid()
    {
        _body.Append(_inGrid ? "</div>\n" : "");
        _inGrid = false;
    }

    private void EndSection()
    {
        EndGrid();
        _body.Append(_inSection ? "</section>\n" : "");
        _inSection = false;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static JsonSerializerOptions MakeJson()
    {
        // The default encoder escapes '<', so that no text can end the script element around the data.
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}
