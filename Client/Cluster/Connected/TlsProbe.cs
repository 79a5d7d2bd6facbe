using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Client.Cluster;

/// <summary>Finds out whether TLS is why a gateway ends connections.</summary>
internal static class TlsProbe
{
    /// <summary>A refusal comes at once; who has said nothing by then has let the client in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why TLS between this client and a gateway fails; null when it does not.</summary>
    /// <param name="certificates">This client's; null when it was given none.</param>
    public static async Task<string?> Refusal(
        IPEndPoint gateway, ClusterCertificates? certificates, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var (speaksTls, wrongSilo) = (false, (string?)null);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(gateway, patience.Token);
            await using var stream = new SslStream(client.GetStream(), false, (_, certificate, chain, _) =>
            {
                speaksTls = true;
                wrongSilo = certificate is X509Certificate2 silo
                    ? certificates?.Refusal(silo, chain, PeerRole.Silo)
                    : null;
                return certificates is not null && wrongSilo is null;
            });
            await stream.AuthenticateAsClientAsync(Options(certificates), patience.Token);
            var bytes = await stream.ReadAsync(new byte[1], patience.Token); // TLS 1.3 refuses on the first read
            return bytes == 0 ? Unwanted : null;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or SocketException)
        {
            return (certificates, speaksTls) switch
            {
                (null, true) => "it wants TLS (--certificate, --key, --authority)",
                (null, false) => null,
                (_, false) => "it runs without TLS; leave --certificate, --key and --authority out",
                _ => wrongSilo is null ? Unwanted : $"its certificate {wrongSilo}",
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private const string Unwanted = "it does not accept this client's certificate";

    private static SslClientAuthenticationOptions Options(ClusterCertificates? certificates) => new()
    {
        TargetHost = "orleans-edge",
        ClientCertificates = certificates is null ? null : [certificates.Current],
    };
}
