namespace OrleansEdge.Client.CommandLine;

/// <summary>
/// How this program is started again from where the user is: "oe" where it is installed under that name, otherwise the
/// way that it was started, so that a command in a hint can be copied.
/// </summary>
internal static class ProgramName
{
    private const string Installed = "oe";

    /// <summary>Of this process.</summary>
    public static string Text { get; } = Of(
        Environment.ProcessPath, Path.Combine(AppContext.BaseDirectory, "oe.dll"), Environment.CurrentDirectory,
        Environment.GetEnvironmentVariable("PATH"));

    /// <summary>
    /// A line in which the commands that it hints at, written <c>'oe ...'</c>, are as this program is started.
    /// </summary>
    public static string InHints(string line) => InHints(line, Text);

    internal static string InHints(string line, string program) =>
        line.Replace("'oe ", $"'{program} ", StringComparison.Ordinal);

    /// <param name="process">The program that runs, or null.</param>
    /// <param name="assembly">This product's, where the program is the runtime's own.</param>
    /// <param name="searchPath">Where the shell looks for programs.</param>
    internal static string Of(string? process, string assembly, string folder, string? searchPath) =>
        Path.GetFileNameWithoutExtension(process) switch
        {
            "dotnet" => "dotnet " + Near(assembly, folder),
            Installed when !IsFound(process!, searchPath) => Near(process!, folder),
            _ => Installed, // found by its name, or hosted by another program, such as tests
        };

    private static bool IsFound(string process, string? searchPath) => searchPath?.Split(Path.PathSeparator)
        .Contains(Path.GetDirectoryName(process)) == true;

    private static string Near(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        var shown = relative.StartsWith("..", StringComparison.Ordinal) ? path
            : relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative);
        return shown.Contains(' ') ? $"'{shown}'" : shown;
    }
}
