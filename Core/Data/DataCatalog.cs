using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Finds and opens data sets by what the console's <c>--data</c> takes: <c>synthetic</c>,
/// <c>synthetic:TRAINxTEST</c>, a folder (anything with a path separator, or that starts with a dot), or the name of
/// a folder under one of the roots, or else here. What was opened stays in memory. Safe for many threads.
/// </summary>
/// <param name="roots">Folders in which names are looked up, first match wins; they need not exist.</param>
/// <param name="forEach">
/// Runs a body for 0 to n-1, in any order and on any threads; synthetic examples are made on the caller's thread when
/// null.
/// </param>
public sealed class DataCatalog(IReadOnlyList<string> roots, Action<int, Action<int>>? forEach = null)
{
    public const string Synthetic = "synthetic";
    public const int DefaultSyntheticTrainExamples = 20_000, DefaultSyntheticTestExamples = 4_000;

    /// <summary>Above it the pixels would not fit one array.</summary>
    public const int MaximumSyntheticExamples = 2_000_000;

    /// <summary>
    /// The synthetic set and the choice of examples are the same in every run, like a downloaded set.
    /// </summary>
    private const ulong FixedSeed = 1;

    private readonly ConcurrentDictionary<(string Data, int TrainExamples), Lazy<TrainTestPair>> _opened = new();

    /// <summary>Where names are looked up, in order.</summary>
    public IReadOnlyList<string> Roots { get; } = [.. roots];

    /// <summary>
    /// Where downloads go: <c>orleansedge</c> under <c>$XDG_DATA_HOME</c>, by default <c>~/.local/share</c> (on
    /// Windows <c>%LOCALAPPDATA%</c>).
    /// </summary>
    public static string UserDataFolder => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "orleansedge");

    /// <summary>
    /// A catalog over <c>$OE_DATA</c>, <c>data</c>, <c>../shared/data</c> and <see cref="UserDataFolder"/>.
    /// </summary>
    public static DataCatalog Default(Action<int, Action<int>>? forEach = null)
    {
        var own = Environment.GetEnvironmentVariable("OE_DATA");
        string[] first = string.IsNullOrEmpty(own) ? [] : [own];
        return new([.. first, "data", Path.Combine("..", "shared", "data"), UserDataFolder], forEach);
    }

    /// <summary>
    /// The data sets that lie under the roots, as <see cref="Open"/> would find them, sorted by name.
    /// </summary>
    public IReadOnlyList<(string Name, string Folder)> Available() =>
    [
        .. Roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, "*", new EnumerationOptions()))
            .Where(IdxFolder.IsComplete)
            .Select(folder => (Name: Path.GetFileName(folder), Folder: folder))
            .DistinctBy(found => found.Name)
            .OrderBy(found => found.Name, StringComparer.Ordinal),
    ];

    /// <summary>Opens a data set, or gives back the one opened before.</summary>
    /// <param name="data">See the class.</param>
    /// <param name="trainExamples">
    /// 0 for all training examples, otherwise how many to keep: the same ones in every run, each class with its
    /// share, and the smaller choice within the larger. The test set stays whole.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// <paramref name="data"/> or <paramref name="trainExamples"/> is malformed or too large (64), files are wrong
    /// (65) or missing (66).
    /// </exception>
    public TrainTestPair Open(string data, int trainExamples = 0)
    {
        var key = (data, trainExamples);
        var opened = _opened.GetOrAdd(key, _ => new(() => Load(data, trainExamples)));
        try
        {
            return opened.Value;
        }
        catch
        {
            _opened.TryRemove(new(key, opened));
            throw;
        }
    }

    private TrainTestPair Load(string data, int trainExamples)
    {
        if (trainExamples != 0)
        {
            var whole = Open(data);
            return whole with { Train = BalancedSubset.Take(whole.Train, trainExamples, FixedSeed) };
        }
        var colon = data.IndexOf(':', StringComparison.Ordinal);
        if (data == Synthetic || (colon == Synthetic.Length && data.StartsWith(Synthetic, StringComparison.Ordinal)))
        {
            return MakeSynthetic(data, colon < 0 ? null : data[(colon + 1)..]);
        }
        return IdxFolder.Read(Find(data), Path.GetFileName(Path.TrimEndingDirectorySeparator(data)));
    }

    private TrainTestPair MakeSynthetic(string data, string? sizes)
    {
        var (train, test) = (DefaultSyntheticTrainExamples, DefaultSyntheticTestExamples);
        if (sizes is not null)
        {
            var parts = sizes.Split('x');
            if (parts.Length != 2 || !TryParseSize(parts[0], out train) || !TryParseSize(parts[1], out test))
            {
                throw OrleansEdgeException.Usage(
                    $"--data '{data}': expected synthetic:TRAINxTEST with sizes from 1 to {MaximumSyntheticExamples}, "
                    + $"such as synthetic:{DefaultSyntheticTrainExamples}x{DefaultSyntheticTestExamples}");
            }
        }
        return new(
            new SyntheticDigits(FixedSeed, "train").Create(Synthetic, train, forEach),
            new SyntheticDigits(FixedSeed, "test").Create(Synthetic, test, forEach));
    }

    private static bool TryParseSize(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size)
        && size is >= 1 and <= MaximumSyntheticExamples;

    private string Find(string data)
    {
        if (data.StartsWith('.') || data.Contains('/') || data.Contains(Path.DirectorySeparatorChar))
        {
            return Directory.Exists(data)
                ? data
                : throw OrleansEdgeException.MissingInput(
                    $"--data {data}: no such folder; expected one with IDX files");
        }
        var folders = Roots.Select(root => Path.Combine(root, data)).Append(data)
            .Where(_ => data.Length > 0).ToArray();
        var found = Array.Find(folders, IdxFolder.IsComplete) ?? Array.Find(folders, Directory.Exists);
        if (found is null)
        {
            var names = string.Join(", ", Available().Select(available => available.Name).Append(Synthetic));
            var hint = DataSets.All.Any(set => set.Name == data) ? $"; 'oe data get {data}' downloads it" : "";
            throw OrleansEdgeException.MissingInput(
                $"--data '{data}' was not found; available: {names}; looked in "
                + string.Join(", ", Roots.Append("here")) + hint);
        }
        return found;
    }
}
