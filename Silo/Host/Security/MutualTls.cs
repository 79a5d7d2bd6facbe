using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Silo.Security;

/// <summary>
/// Mutual TLS on every Orleans connection. The silo port lets in silos alone: the certificate of a client, which opens
/// the gateway, is refused there.
/// </summary>
internal static class MutualTls
{
    public static ISiloBuilder UseMutualTls(this ISiloBuilder builder, ClusterCertificates certificates, ILogger log) =>
        builder.Configure<SiloConnectionOptions>(connections =>
        {
            connections.ConfigureSiloInboundConnection(c => c.UseServerTls(Options(certificates, PeerRole.Silo, log)));
            connections.ConfigureGatewayInboundConnection(
                c => c.UseServerTls(Options(certificates, PeerRole.Member, log)));
            connections.ConfigureSiloOutboundConnection(c => c.UseClientTls(Options(certificates, PeerRole.Silo, log)));
        });

    private static TlsOptions Options(ClusterCertificates certificates, PeerRole peer, ILogger log) => new()
    {
        LocalCertificate = certificates.Current, // asked for even where a selector chooses
        LocalServerCertificateSelector = (_, _) => certificates.Current,
        LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Current,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (remote, chain, errors) => Accept(certificates, remote, chain, errors, peer, log),
        OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "orleans-edge",
    };

    private static bool Accept(
        ClusterCertificates certificates, X509Certificate2 remote, X509Chain? chain, SslPolicyErrors errors, PeerRole peer,
        ILogger log)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return false;
        }
        var refusal = certificates.Refusal(remote, chain, peer);
        if (refusal is not null)
        {
            log.LogWarning("connection refused: the certificate {Refusal}", refusal);
        }
        return refusal is null;
    }
}
