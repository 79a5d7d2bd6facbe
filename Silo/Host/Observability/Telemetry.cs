using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrleansEdge.Silo.Observability;

/// <summary>Sends metrics and traces to an OpenTelemetry collector.</summary>
internal sealed class Telemetry(SiloOptions options) : IHostedService, IDisposable
{
    /// <summary>Prefixes of the meters that are of use to an operator.</summary>
    public static readonly string[] Meters = ["Microsoft.Orleans", "OrleansEdge", "Npgsql", "System.Runtime"];

    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault()
            .AddService("oe-silo", serviceNamespace: options.ServiceId, serviceInstanceId: options.Name)
            .AddAttributes([new("site", options.Site), new("zone", options.Zone), new("cluster", options.ClusterId)]);
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
            .AddOtlpExporter(Send).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(0.01)))
            .AddOtlpExporter(Send).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(2000);
        _meters?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _meters?.Dispose();
    }

    private void Send(OtlpExporterOptions exporter) => exporter.Endpoint = new Uri(options.OtlpEndpoint);
}
