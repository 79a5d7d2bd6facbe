using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Serialization;
using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Client.Cluster;

/// <summary>An Orleans client.</summary>
internal sealed class ClusterConnection : IClusterConnection, IGrains
{
    /// <summary>How long a gateway that answers may take to let a client in.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long the cluster may take to let this client go.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly IGrainFactory _factory;

    private ClusterConnection(IHost host) =>
        (_host, _factory) = (host, host.Services.GetRequiredService<IGrainFactory>());

    public IGrains Grains => this;

    public TGrain Get<TGrain>(string key) where TGrain : class, IGrainWithStringKey => _factory.GetGrain<TGrain>(key);

    /// <summary>This build has an Orleans client.</summary>
    public static bool HasOrleans => true;

    /// <summary>Does nothing: this build has an Orleans client.</summary>
    public static void RequireOrleans()
    {
    }

    /// <summary>Looks at the cluster and connects to one of its gateways.</summary>
    /// <exception cref="OrleansEdgeException">
    /// No gateway lets this client in; the line says what was found (69).
    /// </exception>
    public static async Task<IClusterConnection> Open(ClusterAddress address, TimeProvider clock, CancellationToken stop) =>
        await Open(address, await Diagnose(address, stop), Patience, clock, stop);

    /// <summary>Connects to a gateway of the cluster.</summary>
    /// <param name="findings">Of <see cref="Diagnose"/>.</param>
    /// <param name="patience">How long a gateway that answers may take to let this client in.</param>
    /// <exception cref="OrleansEdgeException">
    /// No gateway lets this client in; the line says what was found (69).
    /// </exception>
    public static async Task<IClusterConnection> Open(
        ClusterAddress address, IReadOnlyList<ClusterFinding> findings, TimeSpan patience, TimeProvider clock,
        CancellationToken stop)
    {
        var certificates = address.Tls.Certificate.Length == 0
            ? null
            : ClusterCertificates.Load(
                address.Tls.Certificate, address.Tls.Key, address.Tls.Authority, PeerRole.Member, clock);
        if (ClusterFinding.WhyAbsent(findings) is { } why)
        {
            throw new OrleansEdgeException(ExitCode.Unavailable, $"{why}; {ClusterFinding.HowToStart}");
        }
        var gateway = findings.First(finding => finding.Gateway is not null).Gateway!;
        var failures = new ConnectionFailures();
        string? refusal = null;
        var host = Build(address, certificates, failures, async (_, limit) =>
        {
            refusal = failures.OtherCluster is { } other
                ? $"it belongs to cluster '{other}', not to '{address.ClusterId}' (--cluster-id)"
                : await TlsProbe.Refusal(gateway, certificates, limit);
            await Task.Delay(refusal is null ? RetryPause : TimeSpan.Zero, clock, limit);
            return refusal is null;
        });
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(patience);
            await host.StartAsync(limit.Token);
            return new ClusterConnection(host);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            host.Dispose();
            // A gateway of another cluster may hang up before it has said its name.
            refusal ??= await TlsProbe.Refusal(gateway, certificates, stop) ?? (failures.Last is { } last
                ? $"{last.GetBaseException().Message.ReplaceLineEndings(" ")}; it may be set up otherwise for TLS, " +
                    $"or not be one of cluster '{address.ClusterId}' (--cluster-id)"
                : $"it has said nothing for {patience.TotalSeconds:F0} s");
            throw new OrleansEdgeException(
                ExitCode.Unavailable, $"gateway {gateway} answers but does not let this client in: {refusal}", failure);
        }
    }

    /// <summary>What the cluster's silos and tables look like from here.</summary>
    public static Task<IReadOnlyList<ClusterFinding>> Diagnose(ClusterAddress address, CancellationToken stop) =>
        ClusterDiagnosis.Look(address, stop);

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Goodbye);
            await _host.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A cluster that does not answer is left without a word.
        }
        _host.Dispose();
    }

    private static IHost Build(
        ClusterAddress address, ClusterCertificates? certificates, ConnectionFailures failures,
        Func<Exception, CancellationToken, Task<bool>> retry)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(failures);
        builder.UseOrleansClient(client =>
        {
            client.UseConnectionRetryFilter(retry);
            client.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (address.ClusterId, address.ServiceId));
            if (address.UsesPostgres)
            {
                client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) =
                    ("Npgsql", ClusterDiagnosis.Connection(address).ConnectionString));
            }
            else
            {
                client.UseStaticClustering([.. address.Gateways]);
            }
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ClientMessagingOptions>(messages =>
            {
                messages.ResponseTimeout = TimeSpan.FromSeconds(8);
                messages.MaxMessageBodySize = 2 * MessageSize.MaxBytes;
            });
            client.AddOutgoingGrainCallFilter(Guard);
            client.Services.Configure<ExceptionSerializationOptions>(exceptions =>
                exceptions.SupportedNamespacePrefixes.Add("OrleansEdge"));
            if (certificates is not null)
            {
                client.UseTls(tls => Configure(tls, certificates));
            }
        });
        return builder.Build();
    }

    private static Task Guard(IOutgoingGrainCallContext context)
    {
        var bytes = 0L;
        for (var i = 0; i < context.Request.GetArgumentCount(); i++)
        {
            bytes += MessageSize.Estimate(context.Request.GetArgument(i));
        }
        MessageSize.Require(bytes, context.InterfaceName, context.MethodName, "request");
        return context.Invoke();
    }

    private static void Configure(TlsOptions tls, ClusterCertificates certificates)
    {
        tls.LocalCertificate = certificates.Current;
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Current;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (remote, chain, _) =>
            certificates.Refusal(remote, chain, PeerRole.Silo) is null;
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "orleans-edge";
    }
}
