using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>Looks at tables and gateways, so that a client can say what it waits for.</summary>
internal static class ClusterDiagnosis
{
    private const int Active = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>One finding per table and silo; those of gateways that answer are gateways.</summary>
    public static async Task<IReadOnlyList<ClusterFinding>> Look(ClusterAddress address, CancellationToken stop)
    {
        var findings = new List<ClusterFinding>();
        var gateways = address.Gateways.Select(gateway => ("silo", gateway)).ToList();
        if (address.UsesPostgres)
        {
            gateways = await ReadMembers(address, findings, stop);
        }
        foreach (var (name, gateway) in gateways)
        {
            findings.Add(await Knock(name, gateway, stop));
        }
        return findings;
    }

    /// <summary>The connection string with schema and bounded time-outs.</summary>
    /// <exception cref="OrleansEdgeException">It is malformed (64).</exception>
    public static NpgsqlConnectionStringBuilder Connection(ClusterAddress address)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(address.ConnectionString)
            {
                SearchPath = address.Schema,
                Timezone = "UTC",
                ApplicationName = "oe",
                Timeout = 5,
                CommandTimeout = 10,
            };
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new OrleansEdgeException(
                ExitCode.Usage, $"the connection string is wrong: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static async Task<List<(string Name, IPEndPoint Gateway)>> ReadMembers(
        ClusterAddress address, List<ClusterFinding> findings, CancellationToken stop)
    {
        var connection = Connection(address);
        var place = $"{connection.Host}:{connection.Port}/{connection.Database}";
        try
        {
            var members = await Members(connection.ConnectionString, address.ClusterId, stop);
            findings.Add(new(true, "PostgreSQL", $"{place}, schema {address.Schema}"));
            var active = members.Where(member => member.Status == Active && member.Gateway.Port > 0).ToList();
            if (active.Count == 0)
            {
                findings.Add(new(false, $"cluster '{address.ClusterId}'", members.Count == 0
                    ? $"no silo has ever joined it; table cluster_member of schema {address.Schema} at {place} has none"
                    : "no silo is active; " + string.Join(", ", members.Select(Describe))));
            }
            return [.. active.Select(member => ($"silo {member.Name}", member.Gateway))];
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            findings.Add(new(false, "PostgreSQL", $"schema '{address.Schema}' at {place} has no table cluster_member; " +
                "a silo creates it when it first starts, or --schema names another"));
        }
        catch (PostgresException refusal)
        {
            findings.Add(new(false, "PostgreSQL", $"{place} refuses user '{connection.Username}': {refusal.MessageText}"));
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            findings.Add(new(false, "PostgreSQL",
                $"{place} cannot be reached: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}"));
        }
        return [];
    }

    private sealed record Member(string Name, IPEndPoint Gateway, int Status, double SecondsSinceAlive);

    private static string Describe(Member member) => string.Create(CultureInfo.InvariantCulture,
        $"{member.Name} has status {member.Status}, last heard of {member.SecondsSinceAlive:F0} s ago");

    private static async Task<List<Member>> Members(string connectionString, string cluster, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            "SELECT silo_name, address, proxy_port, status, extract(epoch FROM now() - alive_at)::double precision " +
            "FROM cluster_member WHERE cluster = $1 ORDER BY started_at DESC LIMIT 50", connection);
        command.Parameters.Add(new() { Value = cluster });
        await using var rows = await command.ExecuteReaderAsync(stop);
        var members = new List<Member>();
        while (await rows.ReadAsync(stop))
        {
            members.Add(new(rows.GetString(0), new IPEndPoint(IPAddress.Parse(rows.GetString(1)), rows.GetInt32(2)),
                rows.GetInt32(3), rows.GetDouble(4)));
        }
        return members;
    }

    private static async Task<ClusterFinding> Knock(string name, IPEndPoint gateway, CancellationToken stop)
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(gateway, patience.Token);
            return new(true, name, $"gateway {gateway} answers") { IsGateway = true };
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            var why = failure is SocketException ? failure.Message : $"no answer in {ConnectTimeout.TotalSeconds} s";
            return new(false, name, $"gateway {gateway} cannot be reached: {why}");
        }
    }
}
