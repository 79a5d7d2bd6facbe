using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Silo.Security;

namespace OrleansEdge.Silo.Observability;

/// <summary>Health for everyone; metrics and dashboard for who has the token, or for this machine alone.</summary>
internal static class WebEndpoints
{
    public static IServiceCollection AddObservability(this IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(_ => new PrometheusMetrics(Telemetry.Meters));
        services.AddSingleton<SiloHealth>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(p => p.GetRequiredService<SiloHealth>());
        if (options.OtlpEndpoint.Length > 0)
        {
            services.AddHostedService(_ => new Telemetry(options));
        }
        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<TokenOptions, TokenAuthentication>(TokenAuthentication.SchemeName, o => o.Token = options.Token);
        services.AddAuthorization();
        services.AddDataProtection().UseEphemeralDataProtectionProvider(); // nothing here outlives the process
        services.AddRouting();
        // Without a token a web page elsewhere must not reach the dashboard under a name of its own (DNS rebinding).
        services.Configure<HostFilteringOptions>(filter =>
            filter.AllowedHosts = options.Token.Length > 0 ? ["*"] : ["localhost", "127.0.0.1", "[::1]"]);
        return services;
    }

    public static void ConfigureWebEndpoint(
        this IWebHostBuilder web, SiloOptions options, ClusterCertificates? certificates) => web.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 200;
        var address = options.WebUrl.Host is "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(options.WebUrl.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any;
        kestrel.Listen(address, options.WebUrl.Port, listen =>
        {
            if (options.WebUrl.Scheme == "https")
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificateSelector = (_, _) => certificates!.Current,
                });
            }
        });
    });

    public static void MapWebEndpoints(this WebApplication app)
    {
        app.UseHostFiltering();
        app.UseAuthentication();
        app.UseAuthorization();
        var health = app.Services.GetRequiredService<SiloHealth>();
        app.MapGet("/health/startup", () => Answer(health.NotStarted()));
        app.MapGet("/health/ready", () => Answer(health.NotReady()));
        app.MapGet("/health/live", () => Answer(health.NotAlive()));
        var metrics = app.Services.GetRequiredService<PrometheusMetrics>();
        app.MapGet("/metrics", () => Results.Text(metrics.Scrape(), "text/plain; version=0.0.4"))
            .RequireAuthorization();
        app.MapOrleansDashboard("/dashboard").RequireAuthorization();
    }

    private static IResult Answer(string? trouble) => trouble is null
        ? Results.Text("ok\n")
        : Results.Text(trouble + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
