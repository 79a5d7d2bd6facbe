using System.Net;
using OrleansEdge.Core;

namespace OrleansEdge.Silo;

/// <summary>Where the members of a cluster find each other.</summary>
public enum ClusteringKind
{
    /// <summary>One machine, state in memory; needs nothing.</summary>
    Localhost,

    /// <summary>Membership, state and reminders in PostgreSQL.</summary>
    Postgres,
}

/// <summary>How grains are placed.</summary>
public enum PlacementKind
{
    /// <summary>Each family evenly over the silos, by number.</summary>
    Spread,

    /// <summary>By best response to the loads of the silos, with rebalancing.</summary>
    Game,
}

/// <summary>
/// How one silo runs. Flags and environment variables of <see cref="SiloSettings"/> map to it one to one.
/// </summary>
public sealed record SiloOptions
{
    public ClusteringKind Clustering { get; init; } = ClusteringKind.Localhost;

    /// <summary>Silos and clients with the same name form one cluster.</summary>
    public string ClusterId { get; init; } = "edge";

    /// <summary>State and reminders are kept under this name; it outlives a cluster id.</summary>
    public string ServiceId { get; init; } = "orleans-edge";

    /// <summary>Name of this silo in logs, membership and dashboard; the host's name and port when empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The address that other silos and clients reach this silo at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Listen on every interface rather than on <see cref="Address"/> alone.</summary>
    public bool ListenOnAnyAddress { get; init; }

    public int SiloPort { get; init; } = 11111;

    public int GatewayPort { get; init; } = 30000;

    /// <summary>Localhost clustering: silo port of the silo that the others join.</summary>
    public int PrimaryPort { get; init; } = 11111;

    /// <summary>Npgsql connection string; a secret, therefore never on the command line.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Schema of the tables; created when absent.</summary>
    public string Schema { get; init; } = "orleans_edge";

    /// <summary>How long a starting silo waits for a database that is not up yet.</summary>
    public double DatabaseWaitSeconds { get; init; } = 60;

    /// <summary>The edge site at which this silo stands. Workers are placed at the site of their data.</summary>
    public string Site { get; init; } = "default";

    /// <summary>The failure zone.</summary>
    public string Zone { get; init; } = "default";

    /// <summary>Relative weight in placement; above 0.</summary>
    public double Capacity { get; init; } = 1;

    /// <summary>How grains are placed; the same for all silos of a cluster.</summary>
    public PlacementKind Placement { get; init; }

    /// <summary>Time between two reports of load, with <see cref="PlacementKind.Game"/>; 0 for never.</summary>
    public double RebalanceSeconds { get; init; } = 10;

    /// <summary>Threads that compute gradients; the number of cores when 0.</summary>
    public int ComputeThreads { get; init; }

    /// <summary>Where health, metrics and the dashboard listen.</summary>
    public Uri WebUrl { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Token of dashboard and metrics; may be empty only when <see cref="WebUrl"/> is loopback.</summary>
    public string Token { get; init; } = "";

    /// <summary>PEM certificate of this silo; empty means no TLS.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM private key of <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>PEM certificates of the authorities whose silos and clients are let in.</summary>
    public string AuthorityFile { get; init; } = "";

    /// <summary>OTLP collector for metrics and traces, such as http://collector:4317; none when empty.</summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>A neighbour that does not answer a probe for this long has missed it.</summary>
    public double ProbeTimeoutSeconds { get; init; } = 1;

    /// <summary>A silo that missed this many probes in a row is voted dead.</summary>
    public int MissedProbes { get; init; } = 2;

    /// <summary>A call that has no answer after this long fails; its outcome is unknown.</summary>
    public double ResponseTimeoutSeconds { get; init; } = 8;

    /// <summary>How long a stopping silo may take to hand over its grains.</summary>
    public double DrainSeconds { get; init; } = 30;

    /// <exception cref="OrleansEdgeException">An option is out of range (64).</exception>
    public SiloOptions Validate()
    {
        RequireName("cluster-id", ClusterId);
        RequireName("service-id", ServiceId);
        RequireName("schema", Schema);
        RequireName("site", Site);
        RequireName("zone", Zone);
        Require(SiloPort is > 0 and < 65536, "silo-port", SiloPort, "1 to 65535");
        Require(GatewayPort is >= 0 and < 65536, "gateway-port", GatewayPort, "1 to 65535, or 0 for no gateway");
        Require(PrimaryPort is > 0 and < 65536, "primary-port", PrimaryPort, "1 to 65535");
        Require(Capacity is > 0 and <= 1e6, "capacity", Capacity, "above 0, at most 1000000");
        Require(
            RebalanceSeconds is >= 0 and <= 86_400, "rebalance-every", RebalanceSeconds, "0 (never) to 86400 seconds");
        Require(
            ComputeThreads is >= 0 and <= 1024, "compute-threads", ComputeThreads, "0 (the number of cores) to 1024");
        Require(ProbeTimeoutSeconds is >= 0.1 and <= 60, "probe-timeout", ProbeTimeoutSeconds, "0.1 to 60 seconds");
        Require(MissedProbes is >= 1 and <= 20, "missed-probes", MissedProbes, "1 to 20");
        Require(ResponseTimeoutSeconds is >= 0.5 and <= 600, "response-timeout", ResponseTimeoutSeconds, "0.5 to 600 seconds");
        Require(DatabaseWaitSeconds is >= 0 and <= 3600, "database-wait", DatabaseWaitSeconds, "0 to 3600 seconds");
        Require(DrainSeconds is >= 0 and <= 600, "drain", DrainSeconds, "0 to 600 seconds");
        Require(!Address.Equals(IPAddress.Any) && !Address.Equals(IPAddress.IPv6Any), "address", Address,
            "an address that other silos can reach; add --listen-any to listen on every interface");
        ValidateClustering();
        ValidateSecurity();
        return this;
    }

    private void ValidateClustering()
    {
        if (Clustering == ClusteringKind.Postgres && ConnectionString.Length == 0)
        {
            throw OrleansEdgeException.Usage("--clustering postgres needs a connection string in the environment variable " +
                "OE_CONNECTION_STRING or in the file named by --connection-string-file");
        }
        Require(Clustering == ClusteringKind.Postgres || IPAddress.IsLoopback(Address), "address", Address,
            "a loopback address with --clustering localhost");
    }

    private void ValidateSecurity()
    {
        Require(WebUrl.Scheme is "http" or "https", "web-url", WebUrl, "http://ADDRESS:PORT or https://ADDRESS:PORT");
        if (!WebUrl.IsLoopback && Token.Length == 0)
        {
            throw OrleansEdgeException.Usage($"--web-url {WebUrl.OriginalString} is reachable from other machines and needs " +
                "a token in the environment variable OE_TOKEN or in the file named by --token-file");
        }
        Require(Token.Length is 0 or >= 16, "token", "(hidden)", "at least 16 characters");
        var tls = (string[])[CertificateFile, KeyFile, AuthorityFile];
        if (tls.Any(file => file.Length > 0) && tls.Any(file => file.Length == 0))
        {
            throw OrleansEdgeException.Usage("TLS needs all of --certificate, --key and --authority; " +
                $"got '{CertificateFile}', '{KeyFile}' and '{AuthorityFile}'");
        }
        if (WebUrl.Scheme == "https" && CertificateFile.Length == 0)
        {
            throw OrleansEdgeException.Usage(
                $"--web-url {WebUrl.OriginalString} needs --certificate, --key and --authority");
        }
    }

    private static void RequireName(string option, string value) => Require(
        value.Length is > 0 and <= 63 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'),
        option, $"'{value}'", "1 to 63 letters, digits, '-', '_' or '.'");

    private static void Require(bool holds, string option, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(
                FormattableString.Invariant($"--{option} {value} is out of range: expected {expected}"));
        }
    }
}
