using System.Reflection;

namespace OrleansEdge.Client.Runs;

/// <summary>Version of the product and the commit it was built from.</summary>
internal static class ProductVersion
{
    /// <summary>Such as "0.1.0+34e4114...", the part after '+' only where the build saw a repository.</summary>
    public static string Full { get; } = typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>The version alone.</summary>
    public static string Version => Full.Split('+')[0];

    /// <summary>The commit, or null where the build saw no repository.</summary>
    public static string? Commit => Full.Split('+') is [_, var commit] ? commit : null;
}
