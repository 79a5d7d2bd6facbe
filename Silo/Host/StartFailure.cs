using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Core;

namespace OrleansEdge.Silo;

/// <summary>One line for the operator in place of a stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Exit code and line.</summary>
    public static (ExitCode ExitCode, string Line) Explain(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case OrleansEdgeException ours:
                    return (ours.ExitCode, ours.Message);
                case AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return (ExitCode.Unavailable,
                        $"a port is in use: {OneLine(failure)}; choose others with --silo-port, --gateway-port, --web-url");
                case OrleansConfigurationException:
                    return (ExitCode.Usage, OneLine(cause));
            }
        }
        return (ExitCode.Software, $"{failure.GetType().Name}: {OneLine(failure)}");
    }

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
