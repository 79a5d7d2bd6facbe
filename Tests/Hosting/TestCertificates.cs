using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Tests.Hosting;

/// <summary>An authority in a temporary folder, and certificates that it issues.</summary>
internal sealed class TestCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;
    private readonly string _folder = Directory.CreateTempSubdirectory("oe-tls").FullName;

    public TestCertificates(string authority = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authority}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    public string Authority => Path.Combine(_folder, "ca.crt");

    /// <summary>A certificate that is good for servers and clients.</summary>
    public (string Certificate, string Key) Silo(double validForDays = 1) =>
        Issue("silo", validForDays, ServerAuthentication, ClientAuthentication);

    /// <summary>A certificate that is good for clients.</summary>
    public (string Certificate, string Key) Client(double validForDays = 1) =>
        Issue("client", validForDays, ClientAuthentication);

    /// <summary>A file of this folder with a text.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, true);
    }

    private (string Certificate, string Key) Issue(string name, double validForDays, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var oids = new OidCollection();
        foreach (var usage in usages)
        {
            oids.Add(new Oid(usage));
        }
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, true));
        var end = DateTimeOffset.UtcNow.AddDays(validForDays);
        using var certificate = request.Create(
            _authority, end.AddDays(-2) > _authority.NotBefore ? end.AddDays(-2) : _authority.NotBefore, end,
            RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.crt", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
