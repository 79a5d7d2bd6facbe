using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Measuring;
using OrleansEdge.Silo;
using OrleansEdge.Tests.Client;
using OrleansEdge.Tests.Hosting;

namespace OrleansEdge.Tests.Cluster;

/// <summary>Two silos with mutual TLS, and who is not let in.</summary>
public sealed class MutualTlsTests(TwoSilos plain) : IAsyncLifetime
{
    /// <summary>A stranger that was told nothing by then was not turned away.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly TestCertificates _files = new();
    private readonly List<(WebApplication Silo, SiloOptions Options)> _silos = [];

    public async ValueTask InitializeAsync()
    {
        var primary = TwoSilos.FreePort();
        var (certificate, key) = _files.Silo();
        foreach (var name in (string[])["north", "south"])
        {
            var options = TwoSilos.Options(primary) with
            {
                SiloPort = _silos.Count == 0 ? primary : TwoSilos.FreePort(),
                Name = name,
                CertificateFile = certificate,
                KeyFile = key,
                AuthorityFile = _files.Authority,
            };
            var silo = await SiloHost.BuildAsync(options);
            await silo.StartAsync();
            _silos.Add((silo, options));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (silo, _) in _silos.AsEnumerable().Reverse())
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }
        _files.Dispose();
    }

    [Fact]
    public async Task Silos_find_each_other_and_turn_strangers_away()
    {
        using var others = new TestCertificates();
        var (silos, gateway) = (_silos[0].Options.SiloPort, _silos[0].Options.GatewayPort);
        Assert.True(await IsTurnedAway(gateway, null));
        Assert.True(await IsTurnedAway(gateway, others.Client()));
        Assert.True(await IsTurnedAway(silos, others.Silo()));
        Assert.True(await IsTurnedAway(silos, _files.Client())); // a client is no silo
        Assert.True(await IsTurnedAway(gateway, _files.Client(validForDays: -1)));
        await CallsWork();
    }

    [Fact]
    public async Task The_console_says_why_it_is_not_let_in()
    {
        using var others = new TestCertificates("another authority");
        var gateway = TwoSilos.GatewayOf(_silos[0].Options);
        var refusal = $"oe: gateway {gateway} answers but does not let this client in: ";
        Assert.Equal(refusal + "it wants TLS (--certificate, --key, --authority)", await Refusal(gateway, null, ""));
        Assert.Equal(refusal + "it does not accept this client's certificate",
            await Refusal(gateway, others.Client(), BothAuthorities(others)));
        Assert.StartsWith(refusal + "its certificate of CN=silo, issued by CN=test authority, ",
            await Refusal(gateway, others.Client(), others.Authority), StringComparison.Ordinal);
        Assert.Equal($"oe: gateway {plain.Gateway} answers but does not let this client in: it runs without TLS; leave " +
            "--certificate, --key and --authority out", await Refusal(plain.Gateway, _files.Client(), _files.Authority));
        Assert.Equal("", await Refusal(gateway, _files.Client(), _files.Authority));
    }

    [Fact]
    public async Task A_silo_with_an_expired_certificate_says_so_and_does_not_start()
    {
        using var own = new TestCertificates();
        var (certificate, key) = own.Silo(validForDays: -1);
        var options = TwoSilos.Options(TwoSilos.FreePort()) with
        {
            CertificateFile = certificate,
            KeyFile = key,
            AuthorityFile = own.Authority,
        };
        var failure = await Assert.ThrowsAsync<OrleansEdgeException>(() => SiloHost.BuildAsync(options));
        Assert.Equal(ExitCode.Data, failure.ExitCode);
        Assert.Contains("of CN=silo expired at ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A file with the authority of these silos and of others.</summary>
    private string BothAuthorities(TestCertificates others) =>
        _files.Write("both.crt", File.ReadAllText(_files.Authority) + "\n" + File.ReadAllText(others.Authority));

    /// <summary>The error line of <c>oe cluster status</c>; empty when there is none.</summary>
    private static async Task<string> Refusal(string gateway, (string Certificate, string Key)? files, string authority)
    {
        using var console = new ConsoleHarness();
        string[] tls = files is { } given
            ? ["--certificate", given.Certificate, "--key", given.Key, "--authority", authority]
            : [];
        var run = await console.Run(["cluster", "status", "--quiet", "--gateway", gateway, .. tls]);
        Assert.Equal(run.Error.Length == 0 ? 0 : (int)ExitCode.Unavailable, run.ExitCode);
        return run.ErrorLines.SingleOrDefault("");
    }

    /// <summary>Whether the silo ends the connection before anything was said.</summary>
    private static async Task<bool> IsTurnedAway(int port, (string Certificate, string Key)? files)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        using var pem = files is { } given ? X509Certificate2.CreateFromPemFile(given.Certificate, given.Key) : null;
        await using var stream = new SslStream(client.GetStream(), false, (_, silo, _, _) => silo is not null);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "orleans-edge",
                ClientCertificates = pem is null ? null : [pem],
            }, limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token) == 0; // TLS 1.3 tells a refusal on the first read
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>From one silo to grains on both.</summary>
    private async Task CallsWork()
    {
        var grains = _silos[0].Silo.Services.GetRequiredService<IGrainFactory>();
        for (var i = 0; i < 4; i++)
        {
            await grains.GetGrain<ILinkProbe>($"tls/{i}").Ping();
        }
        var membership = _silos[0].Silo.Services.GetRequiredService<ISiloStatusOracle>();
        Assert.Equal(2, membership.GetApproximateSiloStatuses(onlyActive: true).Count);
    }
}
