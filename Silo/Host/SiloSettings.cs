using System.Globalization;
using System.Net;
using System.Text;
using OrleansEdge.Core;

namespace OrleansEdge.Silo;

/// <summary>
/// Reads <see cref="SiloOptions"/> from flags and environment variables; a flag wins. A setting "silo-port" is the flag
/// --silo-port and the variable OE_SILO_PORT. Secrets come from variables or files only.
/// </summary>
public static class SiloSettings
{
    private sealed record Setting(
        string Name, string Meaning, Func<SiloOptions, string, SiloOptions> Apply, bool Switch = false, bool Secret = false)
    {
        public string Variable { get; } = "OE_" + Name.ToUpperInvariant().Replace('-', '_');
    }

    private static readonly Setting[] All =
    [
        new("clustering", "localhost or postgres", (o, v) => o with { Clustering = OneOf<ClusteringKind>("clustering", v) }),
        new("cluster-id", "silos and clients of one name form a cluster", (o, v) => o with { ClusterId = v }),
        new("service-id", "name under which state is kept", (o, v) => o with { ServiceId = v }),
        new("name", "name of this silo in logs and dashboard", (o, v) => o with { Name = v }),
        new("address", "address at which others reach this silo", (o, v) => o with { Address = Ip("address", v) }),
        new("listen-any", "listen on every interface", (o, v) => o with { ListenOnAnyAddress = Bool("listen-any", v) }, true),
        new("silo-port", "port for other silos", (o, v) => o with { SiloPort = Int("silo-port", v) }),
        new("gateway-port", "port for clients", (o, v) => o with { GatewayPort = Int("gateway-port", v) }),
        new("primary-port", "localhost clustering: silo port to join", (o, v) => o with { PrimaryPort = Int("primary-port", v) }),
        new("connection-string", "Npgsql connection string", (o, v) => o with { ConnectionString = v }, Secret: true),
        new("connection-string-file", "file that holds it",
            (o, v) => o with { ConnectionString = Text("connection-string-file", v) }),
        new("schema", "schema of the tables", (o, v) => o with { Schema = v }),
        new("database-wait", "seconds to wait for a database that is not up yet",
            (o, v) => o with { DatabaseWaitSeconds = Number("database-wait", v) }),
        new("site", "edge site of this silo", (o, v) => o with { Site = v }),
        new("zone", "failure zone of this silo", (o, v) => o with { Zone = v }),
        new("capacity", "relative weight in placement", (o, v) => o with { Capacity = Number("capacity", v) }),
        new("placement", "spread, or game: by load, with rebalancing",
            (o, v) => o with { Placement = OneOf<PlacementKind>("placement", v) }),
        new("rebalance-every", "seconds between reports of load; 0: never",
            (o, v) => o with { RebalanceSeconds = Number("rebalance-every", v) }),
        new("compute-threads", "threads for gradients; 0: one per core",
            (o, v) => o with { ComputeThreads = Int("compute-threads", v) }),
        new("web-url", "where health, metrics and dashboard listen", (o, v) => o with { WebUrl = Url("web-url", v) }),
        new("token", "token of metrics and dashboard", (o, v) => o with { Token = v }, Secret: true),
        new("token-file", "file that holds it", (o, v) => o with { Token = Text("token-file", v) }),
        new("certificate", "PEM certificate of this silo", (o, v) => o with { CertificateFile = v }),
        new("key", "PEM private key", (o, v) => o with { KeyFile = v }),
        new("authority", "PEM certificates of accepted authorities", (o, v) => o with { AuthorityFile = v }),
        new("otlp", "OpenTelemetry collector", (o, v) => o with { OtlpEndpoint = Url("otlp", v).ToString() }),
        new("probe-timeout", "seconds until a probe counts as missed",
            (o, v) => o with { ProbeTimeoutSeconds = Number("probe-timeout", v) }),
        new("missed-probes", "missed probes until a silo is voted dead",
            (o, v) => o with { MissedProbes = Int("missed-probes", v) }),
        new("response-timeout", "seconds until a call fails",
            (o, v) => o with { ResponseTimeoutSeconds = Number("response-timeout", v) }),
        new("drain", "seconds that a stopping silo has to hand over", (o, v) => o with { DrainSeconds = Number("drain", v) }),
    ];

    /// <summary>Flags and variables with their meaning, one per line.</summary>
    public static string Help
    {
        get
        {
            var text = new StringBuilder("oe-silo: a silo of an OrleansEdge cluster\n\n");
            foreach (var setting in All)
            {
                var flag = setting.Secret ? "" : "--" + setting.Name;
                text.Append(CultureInfo.InvariantCulture, $"  {flag,-26} {setting.Variable,-28} {setting.Meaning}\n");
            }
            return text.ToString();
        }
    }

    /// <summary>Options from variables, then flags ("--name value" or "--name=value"), validated.</summary>
    /// <exception cref="OrleansEdgeException">A flag or value is wrong (64), a named file is missing (66).</exception>
    public static SiloOptions Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new SiloOptions();
        foreach (var setting in All)
        {
            if (environment(setting.Variable) is { Length: > 0 } value)
            {
                options = setting.Apply(options, value.Trim());
            }
        }
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            var setting = All.FirstOrDefault(s => "--" + s.Name == name && !s.Secret)
                ?? throw OrleansEdgeException.Usage(
                    Secret(name) ?? $"'{arguments[i]}' is unknown; oe-silo --help lists the options");
            value ??= setting.Switch ? "true" : ++i < arguments.Count ? arguments[i]
                : throw OrleansEdgeException.Usage($"{name} needs a value: {setting.Meaning}");
            options = setting.Apply(options, value);
        }
        return options.Validate();
    }

    private static string? Secret(string name) => All.FirstOrDefault(s => "--" + s.Name == name) is { } secret
        ? $"{name} is a secret and would show in the process list; use the variable {secret.Variable} or {name}-file FILE"
        : null;

    private static (string Name, string? Value) Split(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? (argument[..at], argument[(at + 1)..])
            : (argument, null);

    private static TKind OneOf<TKind>(string name, string value) where TKind : struct, Enum =>
        Enum.GetValues<TKind>().Cast<TKind?>().FirstOrDefault(kind => NameOf(kind!.Value) == value)
            ?? throw Wrong(name, value, string.Join(" or ", Enum.GetValues<TKind>().Select(NameOf)));

    private static string NameOf<TKind>(TKind kind) where TKind : struct, Enum => kind.ToString().ToLowerInvariant();

    private static int Int(string name, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : throw Wrong(name, value, "a whole number");

    private static double Number(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number : throw Wrong(name, value, "a number");

    private static bool Bool(string name, string value) =>
        bool.TryParse(value, out var truth) ? truth : throw Wrong(name, value, "true or false");

    private static IPAddress Ip(string name, string value) =>
        IPAddress.TryParse(value, out var address) ? address : throw Wrong(name, value, "an IP address");

    private static Uri Url(string name, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url)
            ? url
            : throw Wrong(name, value, "a URL such as http://127.0.0.1:8080");

    private static string Text(string name, string path) => File.Exists(path)
        ? File.ReadAllText(path).Trim()
        : throw OrleansEdgeException.MissingInput($"--{name}: file '{path}' does not exist");

    private static OrleansEdgeException Wrong(string name, string value, string expected) =>
        OrleansEdgeException.Usage($"--{name} '{value}': expected {expected}");
}
