using System.CommandLine;
using System.Net;
using System.Text;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>Which cluster, and how to get in.</summary>
internal sealed record ClusterAddress
{
    public required IReadOnlyList<IPEndPoint> Gateways { get; init; }

    /// <summary>Npgsql connection string; empty when the gateways are named.</summary>
    public required string ConnectionString { get; init; }

    public required string Schema { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>PEM files; all empty without TLS.</summary>
    public required (string Certificate, string Key, string Authority) Tls { get; init; }

    public bool UsesPostgres => ConnectionString.Length > 0;
}

/// <summary>
/// The options that say which cluster is meant. Each has the variable that a silo has: --cluster-id is OE_CLUSTER_ID.
/// The connection string is a secret and comes from a variable or a file.
/// </summary>
internal sealed class ClusterOptions
{
    private const string LocalGateway = "127.0.0.1:30000";
    private const int MostConnectionBytes = 1 << 16;

    private readonly CheckedOption<string> _clustering =
        Options.Choice("--clustering", "How silos are found.", "localhost", ["localhost", "postgres"]);
    private readonly CheckedOption<string?> _gateway = Options.Text(
        "--gateway", $"Gateways of a cluster without PostgreSQL (default: {LocalGateway}).", "ADDRESS:PORT,...", "LIST");
    private readonly CheckedOption<string?> _connectionFile = Options.Text(
        "--connection-string-file", "File with the connection string (or the variable OE_CONNECTION_STRING).", "a file", "FILE");
    private readonly CheckedOption<string?> _schema = Options.Text(
        "--schema", "Schema of the cluster's tables (default: orleans_edge).", "a schema", "NAME");
    private readonly CheckedOption<string?> _clusterId = Options.Text(
        "--cluster-id", "Name of the cluster (default: edge).", "a name", "NAME");
    private readonly CheckedOption<string?> _serviceId = Options.Text(
        "--service-id", "Name under which the cluster keeps state (default: orleans-edge).", "a name", "NAME");
    private readonly CheckedOption<string?> _certificate = Options.Text(
        "--certificate", "PEM certificate of this client.", "a file", "FILE");
    private readonly CheckedOption<string?> _key = Options.Text("--key", "PEM private key.", "a file", "FILE");
    private readonly CheckedOption<string?> _authority = Options.Text(
        "--authority", "PEM certificates of accepted authorities.", "a file", "FILE");

    private Option[] All =>
    [
        _clustering, _gateway, _connectionFile, _schema, _clusterId, _serviceId, _certificate, _key, _authority,
    ];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>
    /// Whether a cluster is named, by an option or by a variable; otherwise the one of this machine is meant.
    /// </summary>
    public bool IsNamed(Invocation invocation) => All.Any(invocation.IsGiven)
        || ((string[])["OE_CLUSTERING", "OE_GATEWAY"]).Any(
            name => invocation.Environment.Variable(name) is { Length: > 0 });

    /// <exception cref="OrleansEdgeException">Options contradict each other (64) or a file is missing (66).</exception>
    public ClusterAddress Read(Invocation invocation)
    {
        var clustering = invocation.IsGiven(_clustering)
            ? invocation.Value(_clustering)
            : invocation.Environment.Variable("OE_CLUSTERING") ?? invocation.Value(_clustering);
        var tls = (
            Text(invocation, _certificate, "OE_CERTIFICATE"), Text(invocation, _key, "OE_KEY"),
            Text(invocation, _authority, "OE_AUTHORITY"));
        string[] files = [tls.Item1, tls.Item2, tls.Item3];
        if (files.Any(file => file.Length > 0) && files.Any(file => file.Length == 0))
        {
            throw OrleansEdgeException.Usage("TLS needs all of --certificate, --key and --authority");
        }
        return new ClusterAddress
        {
            Gateways = clustering == "postgres" ? [] : Gateways(Text(invocation, _gateway, "OE_GATEWAY", LocalGateway)),
            ConnectionString = clustering == "postgres" ? ConnectionString(invocation) : "",
            Schema = Text(invocation, _schema, "OE_SCHEMA", "orleans_edge"),
            ClusterId = Text(invocation, _clusterId, "OE_CLUSTER_ID", "edge"),
            ServiceId = Text(invocation, _serviceId, "OE_SERVICE_ID", "orleans-edge"),
            Tls = tls,
        };
    }

    private string ConnectionString(Invocation invocation)
    {
        var file = Text(invocation, _connectionFile, "OE_CONNECTION_STRING_FILE");
        if (file.Length > 0)
        {
            return File.Exists(file)
                ? Encoding.UTF8.GetString(InputFile.ReadText(file, "a connection string", MostConnectionBytes).Span).Trim()
                : throw OrleansEdgeException.MissingInput($"--connection-string-file: file '{file}' does not exist");
        }
        return invocation.Environment.Variable("OE_CONNECTION_STRING") is { Length: > 0 } text
            ? text
            : throw OrleansEdgeException.Usage("--clustering postgres needs a connection string in the environment variable " +
                "OE_CONNECTION_STRING or in the file named by --connection-string-file");
    }

    private static IPEndPoint[] Gateways(string list) =>
    [
        .. list.Split(',', StringSplitOptions.TrimEntries).Select(text => IPEndPoint.TryParse(text, out var end) && end.Port > 0
            ? end
            : throw OrleansEdgeException.Usage($"--gateway is {text}; expected ADDRESS:PORT such as {LocalGateway}")),
    ];

    private static string Text(Invocation invocation, Option<string?> option, string variable, string standard = "") =>
        invocation.Value(option) ?? (invocation.Environment.Variable(variable) is { Length: > 0 } value ? value : standard);
}
