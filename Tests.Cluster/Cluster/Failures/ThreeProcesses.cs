using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansEdge.Client.Cluster;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace OrleansEdge.Tests.Cluster.Failures;

/// <summary>
/// Three silo processes at three sites, with membership and state in a PostgreSQL schema that goes with them, and a
/// client.
/// </summary>
internal sealed class ThreeProcesses : IAsyncDisposable
{
    /// <summary>Names the database; without it these tests are skipped.</summary>
    public const string Variable = "OE_TEST_POSTGRES";

    private readonly string _connectionString;
    private readonly string _schema = $"oe_test_{Guid.NewGuid():N}";
    private readonly IHost _client;

    private ThreeProcesses(string connectionString)
    {
        _connectionString = connectionString;
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        Gate = new DatabaseGate(database.Host!, database.Port);
        (database.Host, database.Port, database.SslMode) = ("127.0.0.1", Gate.Port, SslMode.Disable);
        Silos = [.. ((string[])["north", "south", "east"]).Select(site =>
            new SiloProcess(site, database.ConnectionString, _schema))];
        _client = BuildClient(
            new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = _schema, Timezone = "UTC" });
    }

    public DatabaseGate Gate { get; }

    /// <summary>The variables with which the console finds this cluster.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OE_CLUSTERING"] = "postgres",
        ["OE_CONNECTION_STRING"] = _connectionString,
        ["OE_SCHEMA"] = _schema,
        ["OE_CLUSTER_ID"] = _schema,
    };

    /// <summary>How a client finds this cluster.</summary>
    public ClusterAddress Address => new()
    {
        Gateways = [],
        ConnectionString = _connectionString,
        Schema = _schema,
        ClusterId = _schema,
        ServiceId = "orleans-edge",
        Tls = ("", "", ""),
    };

    public IReadOnlyList<SiloProcess> Silos { get; }

    public IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The silos joined, the client connected. Skips the test when no database is named.</summary>
    public static async Task<ThreeProcesses> Start()
    {
        var connectionString = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connectionString), $"{Variable} names no PostgreSQL database");
        var cluster = new ThreeProcesses(connectionString!);
        try
        {
            await Task.WhenAll(cluster.Silos.Select(silo => silo.Start()));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await cluster._client.StartAsync(patience.Token);
            return cluster;
        }
        catch (Exception)
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            silo.Dispose();
        }
        _client.Dispose();
        Gate.Dispose();
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {_schema} CASCADE", connection);
        await drop.ExecuteNonQueryAsync();
    }

    private IHost BuildClient(NpgsqlConnectionStringBuilder database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(
                cluster => (cluster.ClusterId, cluster.ServiceId) = (_schema, "orleans-edge"));
            client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", database.ConnectionString));
            client.UseConnectionRetryFilter(async (_, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
                return true;
            });
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            // What a gateway takes with it is asked again soon.
            client.Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = TimeSpan.FromSeconds(2));
        });
        return builder.Build();
    }
}
