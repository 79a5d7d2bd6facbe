using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Core;

namespace OrleansEdge.Grains.Interfaces.Hosting;

/// <summary>What the other end of a connection must be.</summary>
public enum PeerRole
{
    /// <summary>A silo or a client: the certificate is good for client authentication.</summary>
    Member,

    /// <summary>A silo: the certificate is good for server authentication too.</summary>
    Silo,
}

/// <summary>
/// Mutual TLS by files: a PEM certificate with its key, and the authorities whose certificates are accepted. Silos are
/// reached by address, so the role in the certificate's extended key usage is checked and not a host name. A
/// certificate file that is replaced takes effect at the next connection.
/// </summary>
public sealed class ClusterCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly X509Certificate2Collection _authorities;
    private readonly TimeProvider _clock;
    private readonly PeerRole _role;
    private readonly Lock _reload = new();
    private X509Certificate2 _current;
    private DateTime _currentWrittenAt;

    private ClusterCertificates(
        string certificateFile, string keyFile, X509Certificate2Collection authorities, PeerRole role, TimeProvider clock)
    {
        (_certificateFile, _keyFile, _authorities, _role, _clock) =
            (certificateFile, keyFile, authorities, role, clock);
        _currentWrittenAt = File.GetLastWriteTimeUtc(certificateFile);
        _current = Read(certificateFile, keyFile);
    }

    /// <summary>Reads the files and checks that the certificate is good for <paramref name="role"/> now.</summary>
    /// <exception cref="OrleansEdgeException">
    /// A file is missing (66), is not PEM, does not fit the others, or the certificate is expired or foreign (65).
    /// </exception>
    public static ClusterCertificates Load(
        string certificateFile, string keyFile, string authorityFile, PeerRole role, TimeProvider clock)
    {
        foreach (var file in (string[])[certificateFile, keyFile, authorityFile])
        {
            if (!File.Exists(file))
            {
                throw OrleansEdgeException.MissingInput($"TLS file '{file}' does not exist");
            }
        }
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(authorityFile);
        }
        catch (CryptographicException failure)
        {
            throw new OrleansEdgeException(ExitCode.Data, $"TLS file '{authorityFile}': {OneLine(failure)}", failure);
        }
        if (authorities.Count == 0)
        {
            throw OrleansEdgeException.WrongData($"TLS file '{authorityFile}' holds no certificate");
        }
        var certificates = new ClusterCertificates(certificateFile, keyFile, authorities, role, clock);
        if (certificates.Refusal(certificates._current, null, role) is { } why)
        {
            throw OrleansEdgeException.WrongData($"TLS file '{certificateFile}': the certificate {why}");
        }
        return certificates;
    }

    /// <summary>This end's certificate with its key; the new one once the file was replaced by a good one.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_reload)
            {
                var writtenAt = File.GetLastWriteTimeUtc(_certificateFile);
                if (writtenAt != _currentWrittenAt && TryRead() is { } replaced)
                {
                    (_current, _currentWrittenAt) = (replaced, writtenAt);
                }
                return _current;
            }
        }
    }

    /// <summary>Why the other end is not let in; null when it is.</summary>
    /// <param name="received">The chain of the handshake, for intermediate certificates.</param>
    public string? Refusal(X509Certificate2 peer, X509Chain? received, PeerRole required)
    {
        var now = _clock.GetUtcNow();
        if (now > peer.NotAfter)
        {
            return $"of {peer.Subject} expired at {peer.NotAfter.ToUniversalTime():u}";
        }
        if (now < peer.NotBefore)
        {
            return $"of {peer.Subject} is not valid before {peer.NotBefore.ToUniversalTime():u}";
        }
        var usages = peer.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>()).Select(o => o.Value).ToHashSet();
        if (!usages.Contains(ClientAuthentication)
            || (required == PeerRole.Silo && !usages.Contains(ServerAuthentication)))
        {
            return $"of {peer.Subject} is not one of a {(required == PeerRole.Silo ? "silo" : "client")}";
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        foreach (var element in received?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        return chain.Build(peer)
            ? null
            : $"of {peer.Subject}, issued by {peer.Issuer}, is not from an accepted authority";
    }

    private X509Certificate2? TryRead()
    {
        try
        {
            var replaced = Read(_certificateFile, _keyFile);
            return Refusal(replaced, null, _role) is null ? replaced : null;
        }
        catch (OrleansEdgeException)
        {
            // Certificate and key are replaced one after the other: the pair fits at a later connection.
            return null;
        }
    }

    private static X509Certificate2 Read(string certificateFile, string keyFile)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            // A key that exists in memory only cannot be used by TLS on Windows.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or ArgumentException)
        {
            throw new OrleansEdgeException(
                ExitCode.Data, $"TLS files '{certificateFile}' and '{keyFile}': {OneLine(failure)}", failure);
        }
    }

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
