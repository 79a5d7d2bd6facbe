using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orleans.Runtime;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Cluster;

/// <summary>
/// Looks at tables and gateways, so that a client can say what it waits for. Takes a few seconds at most.
/// </summary>
internal static class ClusterDiagnosis
{
    private const int DatabaseSeconds = 8;
    private const int MaxPoolSize = 4;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>One finding per table, silo and gateway; those of gateways that answer are gateways.</summary>
    /// <exception cref="OrleansEdgeException">The connection string is malformed (64).</exception>
    public static async Task<IReadOnlyList<ClusterFinding>> Look(ClusterAddress address, CancellationToken stop)
    {
        if (!address.UsesPostgres)
        {
            return await Task.WhenAll(address.Gateways.Select(gateway => Look(gateway, stop)));
        }
        var connection = Connection(address);
        var (table, members) = await ReadTable(connection, address, stop);
        List<ClusterFinding> findings = [table];
        if (table.IsGood && !members.Any(member => member.Status == SiloStatus.Active))
        {
            findings.Add(new(false, $"cluster '{address.ClusterId}'", members.Count > 0
                ? "no silo is active"
                : $"no silo has joined it; table cluster_member of {PlaceOf(connection, address)} has none"));
        }
        findings.AddRange(await Task.WhenAll(members.Select(member => Look(member, stop))));
        return findings;
    }

    /// <summary>The connection string with schema, bounded time-outs and few connections.</summary>
    /// <exception cref="OrleansEdgeException">It is malformed (64).</exception>
    public static NpgsqlConnectionStringBuilder Connection(ClusterAddress address)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(address.ConnectionString)
            {
                SearchPath = address.Schema,
                Timezone = "UTC",
                ApplicationName = "oe",
                Timeout = 5,
                CommandTimeout = 10,
            };
            connection.MaxPoolSize = Math.Min(connection.MaxPoolSize, MaxPoolSize);
            return connection;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new OrleansEdgeException(
                ExitCode.Usage, $"the connection string is wrong: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static async Task<(ClusterFinding Table, IReadOnlyList<ClusterMember> Members)> ReadTable(
        NpgsqlConnectionStringBuilder connection, ClusterAddress address, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(DatabaseSeconds));
        try
        {
            // A connection that is being opened does not always notice that nobody waits any more.
            var (lack, members) = await Read(connection, address, patience.Token).WaitAsync(patience.Token);
            return (new(lack is null, "PostgreSQL", PlaceOf(connection, address) + lack), members);
        }
        catch (PostgresException refusal)
        {
            return (new(false, "PostgreSQL", Explain(refusal, connection, address)), []);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            return (new(false, "PostgreSQL", $"{HostOf(connection)} cannot be reached: " +
                failure.GetBaseException().Message.ReplaceLineEndings(" ")), []);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (new(false, "PostgreSQL", $"{HostOf(connection)} does not answer in {DatabaseSeconds} s"), []);
        }
    }

    private static async Task<(string? Lack, IReadOnlyList<ClusterMember> Members)> Read(
        NpgsqlConnectionStringBuilder connection, ClusterAddress address, CancellationToken stop)
    {
        await using var database = new NpgsqlConnection(connection.ConnectionString);
        await database.OpenAsync(stop);
        return await Lack(database, address.Schema, stop) is { } lack
            ? (lack, [])
            : (null, await ClusterMember.ReadAll(database, address.ClusterId, stop));
    }

    /// <summary>What the database lacks for a cluster; null when it is all there.</summary>
    private static async Task<string?> Lack(NpgsqlConnection database, string schema, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            "SELECT CASE WHEN to_regnamespace(quote_ident($1)) IS NULL THEN ' does not exist' " +
            "WHEN to_regclass(quote_ident($1) || '.cluster_member') IS NULL THEN ' has no table cluster_member' END", database);
        command.Parameters.Add(new() { Value = schema });
        return await command.ExecuteScalarAsync(stop) is string lack
            ? lack + "; a silo creates schema and tables when it first starts, or --schema names another"
            : null;
    }

    private static string Explain(
        PostgresException refusal, NpgsqlConnectionStringBuilder connection, ClusterAddress address)
    {
        var user = $"user '{connection.Username}'";
        return refusal.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege =>
                $"{user} may not read {PlaceOf(connection, address)}: {refusal.MessageText}",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"{HostOf(connection)} refuses {user}: {refusal.MessageText}",
            _ => $"{HostOf(connection)}: {refusal.MessageText}",
        };
    }

    private static string HostOf(NpgsqlConnectionStringBuilder connection) => $"{connection.Host}:{connection.Port}";

    private static string PlaceOf(NpgsqlConnectionStringBuilder connection, ClusterAddress address) =>
        $"schema '{address.Schema}' of {HostOf(connection)}/{connection.Database}";

    private static async Task<ClusterFinding> Look(ClusterMember member, CancellationToken stop)
    {
        var name = $"silo {member.Name}";
        if (member.Status != SiloStatus.Active)
        {
            return new(member.HasLeft, name, member.Description);
        }
        var alive = member.IsSound ? "" : $"; {member.Alive}";
        if (member.GatewayPort == 0)
        {
            return new(member.IsSound, name, $"{member.Description}, takes no clients{alive}");
        }
        return await Knock(member.Gateway, stop) is { } refusal
            ? new(false, name, $"{member.Description}, but its gateway {member.Gateway} {refusal}; {member.Alive}")
            : new(member.IsSound, name, $"{member.Description}, its gateway {member.Gateway} answers{alive}")
            {
                Gateway = member.Gateway,
            };
    }

    private static async Task<ClusterFinding> Look(IPEndPoint gateway, CancellationToken stop) =>
        await Knock(gateway, stop) is { } refusal
            ? new(false, $"gateway {gateway}", refusal)
            : new(true, $"gateway {gateway}", "answers") { Gateway = gateway };

    /// <summary>How the gateway fails to answer; null when it does answer.</summary>
    private static async Task<string?> Knock(IPEndPoint gateway, CancellationToken stop)
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(gateway, patience.Token);
            return null;
        }
        catch (SocketException failure)
        {
            return $"cannot be reached: {failure.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"does not answer in {ConnectTimeout.TotalSeconds} s";
        }
    }
}
