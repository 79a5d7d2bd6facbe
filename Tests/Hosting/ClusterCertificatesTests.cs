using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Tests.Hosting;

public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly TestCertificates _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_silo_accepts_silos_and_clients_of_its_authority()
    {
        var (certificate, key) = _files.Silo();
        var silo = Load(certificate, key);
        using var client = Peer(_files.Client());
        Assert.Null(silo.Refusal(silo.Current, null, PeerRole.Silo));
        Assert.Null(silo.Refusal(client, null, PeerRole.Member));
    }

    [Fact]
    public void A_client_is_refused_where_silos_belong()
    {
        var (certificate, key) = _files.Silo();
        using var client = Peer(_files.Client());
        Assert.Equal("of CN=client is not one of a silo", Load(certificate, key).Refusal(client, null, PeerRole.Silo));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        var (certificate, key) = _files.Silo();
        using var others = new TestCertificates();
        using var foreign = Peer(others.Client());
        Assert.Equal(
            "of CN=client, issued by CN=test authority, is not from an accepted authority",
            Load(certificate, key).Refusal(foreign, null, PeerRole.Member));
    }

    [Fact]
    public void An_expired_certificate_is_refused_in_one_line()
    {
        var (certificate, key) = _files.Silo(validForDays: -1);
        var failure = Assert.Throws<OrleansEdgeException>(() => Load(certificate, key));
        Assert.Equal(ExitCode.Data, failure.ExitCode);
        Assert.Contains("of CN=silo expired at ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clients_certificate_does_not_start_a_silo()
    {
        var (certificate, key) = _files.Client();
        var failure = Assert.Throws<OrleansEdgeException>(() => Load(certificate, key));
        Assert.EndsWith("of CN=client is not one of a silo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        var (certificate, _) = _files.Silo();
        var (_, key) = _files.Client();
        Assert.Equal(ExitCode.Data, Assert.Throws<OrleansEdgeException>(() => Load(certificate, key)).ExitCode);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var (certificate, _) = _files.Silo();
        var failure = Assert.Throws<OrleansEdgeException>(() => Load(certificate, "/nowhere/silo.key"));
        Assert.Equal((ExitCode.MissingInput, "TLS file '/nowhere/silo.key' does not exist"), (failure.ExitCode, failure.Message));
    }

    [Fact]
    public void A_file_without_certificate_is_refused()
    {
        var (certificate, key) = _files.Silo();
        var empty = _files.Write("empty.crt", "no certificate");
        var failure = Assert.Throws<OrleansEdgeException>(() =>
            ClusterCertificates.Load(certificate, key, empty, PeerRole.Silo, TimeProvider.System));
        Assert.Equal($"TLS file '{empty}' holds no certificate", failure.Message);
    }

    [Fact]
    public void A_replaced_certificate_takes_effect()
    {
        var (certificate, key) = _files.Silo();
        var silo = Load(certificate, key);
        var before = silo.Current.SerialNumber;
        _files.Silo(validForDays: 2);
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddSeconds(5));
        Assert.NotEqual(before, silo.Current.SerialNumber);
    }

    private ClusterCertificates Load(string certificate, string key) =>
        ClusterCertificates.Load(certificate, key, _files.Authority, PeerRole.Silo, TimeProvider.System);

    private static X509Certificate2 Peer((string Certificate, string Key) files) =>
        X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
}
