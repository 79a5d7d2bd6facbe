namespace OrleansEdge.Client.Reporting;

/// <summary>How an axis places its values.</summary>
public enum AxisScale
{
    Linear,

    /// <summary>Base 10; values must be above 0, others are left out.</summary>
    Log,

    /// <summary>
    /// By the logarithm of 1 - value: for shares near 1, where 98 % and 99 % differ by half of the errors.
    /// </summary>
    Nines,
}

/// <summary>How an axis writes its values.</summary>
public enum AxisFormat
{
    /// <summary>Plain, with k, M and G for thousands, millions and billions.</summary>
    Number,

    /// <summary>A share from 0 to 1, as per cent.</summary>
    Percent,

    /// <summary>Bytes, as kB, MB and GB (powers of 1000).</summary>
    Bytes,

    /// <summary>Seconds, as s, min, h and d.</summary>
    Seconds,
}

/// <summary>An axis.</summary>
/// <param name="Label">What it shows, with the unit unless the format has it.</param>
public sealed record Axis(string Label, AxisScale Scale = AxisScale.Linear, AxisFormat Format = AxisFormat.Number)
{
    /// <summary>Lower end; null to fit the data.</summary>
    public double? Least { get; init; }

    /// <summary>Upper end; null to fit the data.</summary>
    public double? Most { get; init; }
}

/// <summary>Points joined by a line.</summary>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many as <paramref name="X"/>.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Lower edge of a band around the line, such as the worst of several runs.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Upper edge of the band.</summary>
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>
    /// Above 1, the line is the moving average over this many points, and the points themselves stand thinly behind it.
    /// </summary>
    public int Window { get; init; } = 1;

    /// <summary>The line runs in steps and is filled down to the axis, as a histogram.</summary>
    public bool Steps { get; init; }

    /// <summary>Rings without a line, such as a paper's numbers beside ours.</summary>
    public bool Points { get; init; }

    /// <summary>Index of the series whose colour it shares; null for a colour of its own.</summary>
    public int? Like { get; init; }
}

/// <summary>A dashed line across a chart, such as a paper's number.</summary>
public sealed record Reference(string Name, double Y);

/// <summary>Something to draw.</summary>
/// <param name="Kind">What the page's script draws it as.</param>
public abstract record Chart(string Kind, string Title)
{
    /// <summary>One sentence under the title.</summary>
    public string? Note { get; init; }

    /// <summary>The chart takes the page's whole width.</summary>
    public bool Wide { get; init; }
}

/// <summary>Lines and histograms over numeric axes.</summary>
public sealed record LineChart(string Title, Axis X, Axis Y, IReadOnlyList<Series> Series) : Chart("line", Title)
{
    public IReadOnlyList<Reference> References { get; init; } = [];
}

/// <summary>One bar of each group in each category.</summary>
/// <param name="Values">As many as there are categories.</param>
public sealed record BarGroup(string Name, IReadOnlyList<double> Values);

/// <summary>Horizontal bars by category.</summary>
public sealed record BarChart(
    string Title, Axis Value, IReadOnlyList<string> Categories, IReadOnlyList<BarGroup> Groups)
    : Chart("bar", Title);

/// <summary>A place on a map or a node of a graph.</summary>
/// <param name="Group">Decides the colour and stands in the legend.</param>
/// <param name="Label">Shown on hovering.</param>
public sealed record Place(double X, double Y, string Group, string Label)
{
    /// <summary>Radius of the dot in pixels.</summary>
    public double Size { get; init; } = 4;

    /// <summary>Radius of a faint disc around it in units of the axes, such as a cell's coverage; 0 for none.</summary>
    public double Reach { get; init; }
}

/// <summary>A line between two places.</summary>
/// <param name="From">Index of a place.</param>
/// <param name="To">Index of a place.</param>
public sealed record Edge(int From, int To)
{
    /// <summary>Width in pixels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Colours the line, from 0 (calm) to 1 (hot); null for the text's colour.</summary>
    public double? Heat { get; init; }
}

/// <summary>A map or graph, both axes of equal scale.</summary>
public sealed record MapChart(string Title, IReadOnlyList<Place> Places) : Chart("map", Title)
{
    public IReadOnlyList<Edge> Edges { get; init; } = [];

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 420;
}

/// <summary>A table; cells that read as numbers are set to the right.</summary>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public string? Title { get; init; }

    public string? Note { get; init; }

    /// <summary>The table starts closed behind its title.</summary>
    public bool Folded { get; init; }
}
