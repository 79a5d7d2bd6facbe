using OrleansEdge.Core;

namespace OrleansEdge.Client.Reproduction.Games;

/// <summary>Files that a reproduction reads.</summary>
/// <param name="Name">The folder's name under one of the roots.</param>
/// <param name="Files">All of them are needed.</param>
/// <param name="Origin">Where they can be had; empty where none is needed.</param>
internal sealed record GameData(string Name, IReadOnlyList<string> Files, string Origin = "")
{
    /// <summary>Base stations and users of Melbourne.</summary>
    public static GameData Eua { get; } = new("eua",
    [
        "site-optus-melbCBD.csv", "users-melbcbd-generated.csv", "melbcbd-boundary.csv", "site-optus-melbmetro.csv",
        "melbmetro-boundary.csv",
    ], "https://github.com/swinedge/eua-dataset has them");

    /// <summary>Road networks; what lies there is read, what does not is left out.</summary>
    public static GameData Transport { get; } = new("transport", []);

    /// <summary>The folder that <c>--data</c> names, or the one of this name under the roots.</summary>
    /// <param name="given">A name or a folder; null for <see cref="Name"/>.</param>
    /// <returns>The folder; empty where no file is needed and none was asked for.</returns>
    /// <exception cref="OrleansEdgeException">There is no such folder, or a file is missing in it (66).</exception>
    public string Find(string? given, IReadOnlyList<string> roots)
    {
        var name = given ?? Name;
        var isPath = name.StartsWith('.') || name.Contains('/') || name.Contains(Path.DirectorySeparatorChar);
        string[] candidates = isPath ? [name] : [.. roots.Select(root => Path.Combine(root, name))];
        if (Array.Find(candidates, Directory.Exists) is not { } folder)
        {
            return given is null && Files.Count == 0 ? "" : throw OrleansEdgeException.MissingInput(
                $"--data {name}: no such data set; expected a folder with {Expected}; looked in "
                    + string.Join(", ", candidates) + (Origin.Length == 0 ? "" : $"; {Origin}"));
        }
        var missing = Files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file)));
        return missing is null ? folder : throw OrleansEdgeException.MissingInput(
            $"--data {name}: {Path.Combine(folder, missing)} is missing; expected {Expected}");
    }

    private string Expected => Files.Count == 0 ? "TNTP files" : string.Join(", ", Files);
}
