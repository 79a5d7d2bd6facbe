using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Silo;
using OrleansEdge.Tests.Cluster;
using OrleansEdge.Tests.Contracts;

[assembly: AssemblyFixture(typeof(TwoSilos))]

namespace OrleansEdge.Tests.Cluster;

/// <summary>Two silos in this process with real sockets between them, started once for all tests.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(3);

    private readonly List<WebApplication> _silos = [];

    public IReadOnlyList<WebApplication> Silos => _silos;

    /// <summary>Address and port for clients.</summary>
    public string Gateway { get; private set; } = "";

    public IGrainFactory Grains => _silos[0].Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        var primary = FreePort();
        foreach (var site in (string[])["north", "south"])
        {
            var options = Options(primary) with
            {
                SiloPort = _silos.Count == 0 ? primary : FreePort(),
                Site = site,
                Name = site,
            };
            var silo = await SiloHost.BuildAsync(options, WithTestGrains);
            Gateway = GatewayOf(options);
            await silo.StartAsync();
            _silos.Add(silo);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.AsEnumerable().Reverse())
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }
    }

    /// <summary>Options of a silo on free ports.</summary>
    public static SiloOptions Options(int primaryPort) => new()
    {
        SiloPort = primaryPort,
        PrimaryPort = primaryPort,
        GatewayPort = FreePort(),
        WebUrl = new Uri($"http://127.0.0.1:{FreePort()}"),
        ResponseTimeoutSeconds = ResponseTimeout.TotalSeconds,
        ProbeTimeoutSeconds = 5, // nothing dies here, and test machines are busy
        DrainSeconds = 5,
    };

    /// <summary>Address and port for clients.</summary>
    public static string GatewayOf(SiloOptions options) =>
        new IPEndPoint(options.Address, options.GatewayPort).ToString();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void WithTestGrains(ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorage("store");
        silo.Services.AddScoped(provider => new GrainKey(ClusterHost.Unprefixed(KeyOf(provider))));
        silo.Services.AddScoped<IGrains>(provider =>
            new PrefixedGrains(provider.GetRequiredService<IGrainFactory>(), ClusterHost.PrefixOf(KeyOf(provider))));
    }

    private static string KeyOf(IServiceProvider provider) =>
        provider.GetRequiredService<IGrainContextAccessor>().GrainContext.GrainId.Key.ToString()!;
}

/// <summary>
/// The two silos as a host of the contract suites. Silos live for all tests; a prefix of the keys, which grains do not
/// see, keeps the grains of two tests apart.
/// </summary>
internal sealed class ClusterHost(TwoSilos cluster) : IGrainHost
{
    private const char End = '|';
    private static int s_hosts;

    private readonly string _prefix = $"{Interlocked.Increment(ref s_hosts)}{End}";

    public TimeProvider Time => TimeProvider.System;

    public TimeSpan ResponseTimeout => TwoSilos.ResponseTimeout;

    public Task<T> Run<T>(Func<IGrains, Task<T>> client) => client(new PrefixedGrains(cluster.Grains, _prefix));

    public void Dispose()
    {
        // The silos belong to the assembly.
    }

    public static string PrefixOf(string key) => key[..(key.IndexOf(End, StringComparison.Ordinal) + 1)];

    public static string Unprefixed(string key) => key[PrefixOf(key).Length..];
}

/// <summary>Grains whose keys carry a prefix.</summary>
internal sealed class PrefixedGrains(IGrainFactory factory, string prefix) : IGrains
{
    public TGrain Get<TGrain>(string key) where TGrain : class, IGrainWithStringKey =>
        factory.GetGrain<TGrain>(prefix + key);
}
