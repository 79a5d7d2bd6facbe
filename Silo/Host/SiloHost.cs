using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Silo.Observability;
using OrleansEdge.Silo.Storage;

namespace OrleansEdge.Silo;

/// <summary>Builds the process of one silo: Orleans, health, metrics, dashboard.</summary>
public static class SiloHost
{
    /// <summary>Checks certificates and database, and builds a silo that is not started yet.</summary>
    /// <param name="more">Further configuration of Orleans, for tests.</param>
    /// <exception cref="Core.OrleansEdgeException">Certificates or database are not as they must be.</exception>
    public static async Task<WebApplication> BuildAsync(
        SiloOptions options, Action<ISiloBuilder>? more = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        ConfigureLogging(builder.Logging);
        var startLog = LoggerFactory.Create(ConfigureLogging); // lives as long as the process
        var certificates = LoadCertificates(options);
        var database = await PrepareDatabaseAsync(options, startLog, cancellation);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 15));
        builder.UseOrleans(silo =>
        {
            silo.UseCluster(options, database);
            silo.UseGrains(options);
            silo.UseSecurity(certificates, startLog.CreateLogger("OrleansEdge.Silo.Security"));
            more?.Invoke(silo);
        });
        builder.Services.AddObservability(options);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureWebEndpoint(options, certificates);
        var app = builder.Build();
        app.MapWebEndpoints();
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging) => logging
        .ClearProviders()
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        })
        .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(null, LogLevel.Warning)
        .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>("OrleansEdge", LogLevel.Information)
        // These warn of a busy machine at every turn, and of a garbage collector that was chosen on purpose.
        .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(
            "Orleans.Runtime.Scheduler", LogLevel.Error)
        .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(
            "Orleans.Runtime.Watchdog", LogLevel.Error)
        .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>("Orleans.Runtime.Silo", LogLevel.Error)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static ClusterCertificates? LoadCertificates(SiloOptions options) => options.CertificateFile.Length == 0
        ? null
        : ClusterCertificates.Load(
            options.CertificateFile, options.KeyFile, options.AuthorityFile, PeerRole.Silo, TimeProvider.System);

    private static async Task<PostgresDatabase?> PrepareDatabaseAsync(
        SiloOptions options, ILoggerFactory log, CancellationToken cancellation)
    {
        if (options.Clustering != ClusteringKind.Postgres)
        {
            return null;
        }
        var database = new PostgresDatabase(
            options.ConnectionString, options.Schema, TimeProvider.System, log.CreateLogger("OrleansEdge.Silo.Storage"));
        await database.CreateSchemaAsync(TimeSpan.FromSeconds(options.DatabaseWaitSeconds), cancellation);
        return database;
    }
}
