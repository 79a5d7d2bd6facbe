using OrleansEdge.Client.CommandLine;

namespace OrleansEdge.Client.Runs;

/// <summary>
/// The folder of commands that write one only where <c>--output</c> asks for it: a manifest with the result.
/// </summary>
internal static class AskedFolder
{
    /// <summary>Before the work: a folder that holds another run is refused.</summary>
    public static void Reserve(Invocation invocation, string name)
    {
        if (invocation.OutputFolder is not null)
        {
            invocation.ReserveFolder(name);
        }
    }

    /// <summary>After the result.</summary>
    public static void Write(
        Invocation invocation, string name, DateTimeOffset started, object options, object? result)
    {
        if (invocation.OutputFolder is not null)
        {
            invocation.AfterResult(() => invocation.OpenFolder(name).WriteManifest(new Manifest
            {
                Command = invocation.CommandText,
                Started = started,
                Seed = invocation.Seed,
                Configuration = options,
                Result = result,
            }));
        }
    }
}
