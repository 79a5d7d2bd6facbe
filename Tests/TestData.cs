namespace OrleansEdge.Tests;

/// <summary>
/// Finds the data folders that lie beside the repository: <c>shared/data/NAME</c>, looked for upward.
/// </summary>
internal static class TestData
{
    /// <summary>The folder, or null where this machine lacks it.</summary>
    public static string? Folder(string name)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data", name);
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }
        return null;
    }
}
