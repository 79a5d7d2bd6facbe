using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Silo.Placement;
using OrleansEdge.Silo.Ports;
using OrleansEdge.Silo.Security;
using OrleansEdge.Silo.Storage;
using OrleansEdge.Silo.Transport;

namespace OrleansEdge.Silo;

/// <summary>What Orleans is told: membership, storage, messages, grains.</summary>
internal static class ClusterSetup
{
    /// <summary>A frame above this ends its connection; <see cref="MessageSizeGuard"/> refuses earlier.</summary>
    public const int MaxFrameBytes = 16 * 1024 * 1024;

    /// <summary>
    /// Requests that may wait at one activation; a flood beyond is refused rather than kept in memory.
    /// </summary>
    public const int MaxWaitingRequests = 10_000;

    private const string Npgsql = "Npgsql";

    /// <summary>Store of small states.</summary>
    public const string StateStore = "jobs";

    /// <summary>Store of parameters.</summary>
    public const string ParameterStore = "training";

    /// <summary>Membership, state store and reminders.</summary>
    public static ISiloBuilder UseCluster(this ISiloBuilder silo, SiloOptions options, PostgresDatabase? database)
    {
        silo.Configure<ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<Orleans.Configuration.SiloOptions>(o => o.SiloName = options.Name.Length > 0
            ? options.Name
            : $"{Environment.MachineName}:{options.SiloPort.ToString(CultureInfo.InvariantCulture)}");
        if (database is null)
        {
            silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, options.PrimaryPort));
            silo.AddMemoryGrainStorage(StateStore).AddMemoryGrainStorage(ParameterStore);
            silo.UseInMemoryReminderService();
        }
        else
        {
            UsePostgres(silo, options, database.ConnectionString);
        }
        silo.UseSiloMetadata(new Dictionary<string, string>
        {
            [SiloTraits.SiteKey] = options.Site,
            [SiloTraits.ZoneKey] = options.Zone,
            [SiloTraits.CapacityKey] = options.Capacity.ToString("R", CultureInfo.InvariantCulture),
        });
        UseRecoverableDirectory(silo);
        ConfigureEndpoints(silo, options);
        ConfigureMembership(silo, options);
        ConfigureMessages(silo, options);
        return silo;
    }

    /// <summary>Ports, placement and guards of the grains.</summary>
    public static ISiloBuilder UseGrains(this ISiloBuilder silo, SiloOptions options)
    {
        silo.Services.AddGrainPorts(options.ComputeThreads == 0 ? Environment.ProcessorCount : options.ComputeThreads);
        silo.Services.AddGrainServices();
        silo.AddIncomingGrainCallFilter<MessageSizeGuard>();
        silo.AddOutgoingGrainCallFilter<MessageSizeGuard>();
        silo.AddOutgoingGrainCallFilter<ShardCredits>();
        silo.AddGrainPlacement(options);
        silo.Services.UseTcpTransport(options);
        silo.Services.AddHostedService<JobKeeper>();
        silo.AddActivityPropagation();
        silo.AddDashboard();
        return silo;
    }

    public static ISiloBuilder UseSecurity(this ISiloBuilder silo, ClusterCertificates? certificates, ILogger log) =>
        certificates is null ? silo : silo.UseMutualTls(certificates, log);

    private static void UsePostgres(ISiloBuilder silo, SiloOptions options, string connectionString)
    {
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Npgsql, connectionString));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Npgsql, connectionString));
        silo.Services.AddGrainStorage(ParameterStore, (services, _) => new LargeStateStorage(
            connectionString, options.ServiceId, services.GetRequiredService<Serializer>()));
        silo.AddAdoNetGrainStorage(StateStore, store => store.Configure<Serializer>((o, serializer) =>
        {
            (o.Invariant, o.ConnectionString) = (Npgsql, connectionString);
            // The default is JSON, in which bytes grow by a third.
            o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            o.DeleteStateOnClear = true;
        }));
    }

    /// <summary>
    /// Orleans' default directory, when a silo dies, deactivates grains on the living silos whose entries it held: a
    /// shard and its replica could go at once. The distributed directory keeps them.
    /// </summary>
    private static void UseRecoverableDirectory(ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003 // marked experimental
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        // By default the grains of a dead silo stay away for half a minute, lest it lives and they run twice. Ours may: a
        // shard that was succeeded is fenced by its replica, and what the others do twice counts once.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
    }

    private static void ConfigureEndpoints(ISiloBuilder silo, SiloOptions options) =>
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = options.Address;
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
            if (options.ListenOnAnyAddress)
            {
                endpoint.SiloListeningEndpoint = new IPEndPoint(IPAddress.Any, options.SiloPort);
                endpoint.GatewayListeningEndpoint =
                    options.GatewayPort == 0 ? null : new IPEndPoint(IPAddress.Any, options.GatewayPort);
            }
        });

    /// <summary>
    /// A dead silo is voted out after probe time-out x missed probes, about 2 s by default (Orleans' own defaults: 15
    /// s). docs/cluster.md says what to change on slower networks.
    /// </summary>
    private static void ConfigureMembership(ISiloBuilder silo, SiloOptions options) =>
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(options.ProbeTimeoutSeconds);
            membership.NumMissedProbesLimit = options.MissedProbes;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
            membership.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(60);
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });

    private static void ConfigureMessages(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<SiloMessagingOptions>(messages =>
        {
            messages.ResponseTimeout = TimeSpan.FromSeconds(options.ResponseTimeoutSeconds);
            messages.SystemResponseTimeout = TimeSpan.FromSeconds(options.ResponseTimeoutSeconds);
            messages.MaxMessageBodySize = MaxFrameBytes;
            messages.MaxMessageHeaderSize = 256 * 1024;
            messages.MaxEnqueuedRequestsHardLimit = MaxWaitingRequests;
        });
        silo.Services.Configure<ExceptionSerializationOptions>(exceptions =>
            exceptions.SupportedNamespacePrefixes.Add("OrleansEdge"));
    }
}
