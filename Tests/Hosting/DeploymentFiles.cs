using System.Text.RegularExpressions;

namespace OrleansEdge.Tests.Hosting;

/// <summary>The texts of deploy/ and of what they must agree with.</summary>
internal static class DeploymentFiles
{
    public static string Root { get; } = FindRoot();

    public static string Silo { get; } = Read("deploy/kubernetes/silo/statefulset.yaml");

    public static string Compose { get; } = Read("deploy/docker-compose.yml");

    /// <summary>The variables that oe-silo reads: one for each setting, and the folder of the data sets.</summary>
    public static IReadOnlySet<string> SiloVariables { get; } =
        All(Read("Silo/Host/SiloSettings.cs"), """new\("([a-z-]+)",""")
            .Select(name => "OE_" + name.ToUpperInvariant().Replace('-', '_')).Append("OE_DATA").ToHashSet();

    /// <summary>The variables that oe reads.</summary>
    public static IReadOnlySet<string> ClientVariables { get; } =
        All(Read("Client/Cluster/ClusterOptions.cs"), "\"(OE_[A-Z_]+)\"").Append("OE_DATA").ToHashSet();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The first group of every match.</summary>
    public static string[] All(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

    /// <summary>The first group of the one match.</summary>
    public static string One(string text, string pattern) => Assert.Single(All(text, pattern));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansEdge.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests run outside of the repository");
    }
}
