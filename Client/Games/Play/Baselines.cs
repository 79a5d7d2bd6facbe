using OrleansEdge.Client.Reporting;

namespace OrleansEdge.Client.Games.Play;

/// <summary>One figure by which results are compared.</summary>
/// <param name="Key">Its name in the JSON.</param>
/// <param name="Label">What people read.</param>
/// <param name="LessIsBetter">False where more is better; null where neither is.</param>
/// <param name="Text">How a value is written; null for a number of six digits.</param>
internal sealed record ComparedFigure(
    string Key, string Label, bool? LessIsBetter = true, Func<double, string>? Text = null);

/// <summary>
/// A result beside what else could have been had: "certified" says that nobody moves alone, not that it is good.
/// </summary>
/// <param name="figures">[columns].</param>
/// <param name="result">The result's own name.</param>
/// <param name="values">[columns] of the result.</param>
internal sealed class Baselines(string result, IReadOnlyList<ComparedFigure> figures, double[] values)
{
    private readonly List<(string Name, double?[] Values, bool IsBound)> _rows = [];

    public string? Note { get; init; }

    /// <summary>Adds a baseline; null where it has no such figure, as a bound has only one.</summary>
    public Baselines Add(string name, params double?[] row)
    {
        _rows.Add((name, row, IsBound: false));
        return this;
    }

    /// <summary>Adds the optimum or a bound on it, which is no worse by its nature.</summary>
    public Baselines AddBound(string name, params double?[] row)
    {
        _rows.Add((name, row, IsBound: true));
        return this;
    }

    /// <summary>The result first.</summary>
    public ReportTable Table(string title) => new(
        ["", .. figures.Select(figure => figure.Label)],
        [
            [result, .. values.Select((value, column) => Cell(column, value))],
            .. _rows.Select(row => (string[])[row.Name, .. row.Values.Select((value, column) => Cell(column, value))]),
        ])
    {
        Title = title,
        Note = Note,
    };

    /// <summary>As the JSON has it: one object a baseline.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> ToJson() =>
        [.. _rows.Select(row => new Dictionary<string, object?>(
            row.Values.Select((value, column) => KeyValuePair.Create(figures[column].Key, (object?)value))
                .Where(pair => pair.Value is double number && double.IsFinite(number))
                .Prepend(KeyValuePair.Create("name", (object?)row.Name))))];

    /// <summary>A sentence for each baseline that is better than the result in every column that says better.</summary>
    public IEnumerable<string> Defeats()
    {
        int[] judged =
            [.. Enumerable.Range(0, figures.Count).Where(column => figures[column].LessIsBetter is not null)];
        foreach (var (name, row, _) in _rows.Where(row => !row.IsBound))
        {
            if (judged.All(column => IsComparable(row[column], values[column]))
                && judged.All(column => Better(column, row[column]!.Value, values[column]) >= 0)
                && judged.Any(column => Better(column, row[column]!.Value, values[column]) > 0))
            {
                var every = judged.All(column => Better(column, row[column]!.Value, values[column]) > 0);
                var what = string.Join(", ", judged.Where(column => row[column] != values[column]).Select(column =>
                    $"{figures[column].Label} {Cell(column, row[column])} against {Cell(column, values[column])}"));
                yield return every ? $"'{name}' is better in every column: {what}"
                    : $"'{name}' is better, and worse in no column: {what}";
            }
        }
    }

    /// <summary>A baseline that was stopped has no figure.</summary>
    private static bool IsComparable(double? value, double own) => value is { } number && double.IsFinite(number) && double.IsFinite(own);

    // 1 for better, 0 for as good.
    private int Better(int column, double value, double own) =>
        figures[column].LessIsBetter == true ? own.CompareTo(value) : value.CompareTo(own);

    private string Cell(int column, double? value) => value is not { } number || !double.IsFinite(number) ? "–"
        : figures[column].Text?.Invoke(number) ?? PlayText.Number(number);
}
