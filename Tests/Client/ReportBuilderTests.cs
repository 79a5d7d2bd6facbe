using System.Text.Json;
using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Tests.Client;

public class ReportBuilderTests
{
    [Fact]
    public void A_page_holds_its_data_and_loads_nothing()
    {
        var page = Sample().ToHtml();
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.DoesNotContain("//cdn", page);
        Assert.DoesNotContain(" src=", page);
        Assert.DoesNotContain("@import", page);
        Assert.DoesNotContain("{{", page);
        Assert.Contains("prefers-color-scheme", page);
        Assert.Contains("width=device-width", page);
        foreach (var text in (string[])["The title", "one line", "98.59 %", "a note", "Heading", "a paragraph", "cell 2"])
        {
            Assert.Contains(text, page);
        }
    }

    [Fact]
    public void The_charts_are_in_the_page_as_json()
    {
        var charts = ChartsOf(Sample().ToHtml());
        Assert.Equal(
            ["line", "bar", "map"], charts.EnumerateArray().Select(chart => chart.GetProperty("kind").GetString()));
        var line = charts[0];
        Assert.Equal("nines", line.GetProperty("y").GetProperty("scale").GetString());
        Assert.Equal("bytes", line.GetProperty("x").GetProperty("format").GetString());
        Assert.Equal(
            [1.5, 2.5], line.GetProperty("series")[0].GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal("NaN", line.GetProperty("series")[0].GetProperty("y")[1].GetString());
        Assert.Equal(0.97, line.GetProperty("references")[0].GetProperty("y").GetDouble());
        Assert.Equal(1, charts[2].GetProperty("edges")[0].GetProperty("to").GetInt32());
    }

    [Fact]
    public void No_text_breaks_out_of_the_page()
    {
        const string evil = "</script><script>alert(1)</script>\"'<b>&";
        var page = new ReportBuilder(evil, evil)
            .Fact(evil, evil, evil)
            .Section(evil, evil)
            .Add(new LineChart(evil, new Axis(evil), new Axis(evil), [new Series(evil, [1], [1])]) { Note = evil })
            .Add(new ReportTable([evil], [[evil]]) { Title = evil, Note = evil })
            .ToHtml();
        Assert.DoesNotContain("alert(1)</script>", page);
        Assert.DoesNotContain("'<b>", page);
        Assert.Equal(3, page.Split("</script>").Length);
        Assert.Equal(evil, ChartsOf(page)[0].GetProperty("title").GetString());
    }

    [Fact]
    public void Sections_and_grids_are_closed()
    {
        var page = Sample().ToHtml();
        foreach (var element in (string[])["section", "div", "figure", "table", "details", "main", "header"])
        {
            Assert.Equal(page.Split("<" + element).Length, page.Split("</" + element + ">").Length);
        }
    }

    private static ReportBuilder Sample() => new ReportBuilder("The title", "one line")
        .Fact("accuracy", "98.59 %", "a note")
        .Section("Heading", "a paragraph")
        .Add(new LineChart(
            "line", new Axis("x", AxisScale.Log, AxisFormat.Bytes), new Axis("y", AxisScale.Nines, AxisFormat.Percent),
            [new Series("s", [1.5, 2.5], [0.5, double.NaN])])
        {
            References = [new Reference("paper", 0.97)],
        })
        .Add(new BarChart("bar", new Axis("bytes"), ["a"], [new BarGroup("g", [1])]))
        .Section("Second")
        .Add(new MapChart("map", [new Place(0, 0, "server", "one"), new Place(1, 1, "user", "two")]) { Edges = [new Edge(0, 1)] })
        .Add(new ReportTable(["column"], [["cell 1"], ["cell 2"]]) { Title = "table", Folded = true });

    private static JsonElement ChartsOf(string page)
    {
        const string open = "id=\"charts\">";
        var start = page.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }
}
