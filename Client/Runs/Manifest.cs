namespace OrleansEdge.Client.Runs;

/// <summary>What a run was and where; enough to do it again.</summary>
internal sealed record Manifest
{
    public string Product => "OrleansEdge";

    public string Version { get; } = ProductVersion.Version;

    public string? Commit { get; } = ProductVersion.Commit;

    /// <summary>The command line.</summary>
    public required string Command { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Everything that decides the outcome.</summary>
    public required object Configuration { get; init; }

    public MachineDescription Machine { get; } = new();

    /// <summary>The summary, as <c>--format json</c> prints it; null while the run goes on.</summary>
    public object? Result { get; init; }
}
