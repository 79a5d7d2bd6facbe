using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansEdge.Core;

namespace OrleansEdge.Silo.Storage;

/// <summary>
/// The PostgreSQL database of a cluster: its connection string completed, its schema created on first start.
/// </summary>
internal sealed class PostgresDatabase(string connectionString, string schema, TimeProvider clock, ILogger log)
{
    /// <summary>The schema that this program creates; see Schema.sql.</summary>
    public const int SchemaVersion = 1;

    /// <summary>
    /// Connections of one silo unless the connection string sets "Maximum Pool Size". Membership, reminders and both
    /// stores share them. When a silo joins or leaves, the others read the membership table several times at once, and
    /// each shard that is stored takes one; what finds none free waits, and a shard that could not be stored is stored
    /// later.
    /// </summary>
    public const int StandardPoolSize = 8;

    /// <summary>What a burst has opened is closed when it was idle for so long.</summary>
    private const int IdleSeconds = 60;

    // Any number does that nothing else in the database locks.
    private const long SchemaLock = 0x6f65_7363_6865_6d61;

    private readonly NpgsqlConnectionStringBuilder _connection = Parse(connectionString, schema);

    /// <summary>Connection string with schema, time zone, bounded time-outs, a bounded number of connections.</summary>
    public string ConnectionString => _connection.ConnectionString;

    /// <summary>"host:port/database", without the credentials.</summary>
    public string Place => $"{_connection.Host}:{_connection.Port}/{_connection.Database}";

    /// <summary>
    /// Creates or upgrades the schema; several silos may do so at once. Waits for a database that is not up yet.
    /// </summary>
    /// <exception cref="OrleansEdgeException">
    /// The database cannot be reached (69), refuses the user or lacks what is named (64), or holds a foreign schema
    /// (65).
    /// </exception>
    public async Task CreateSchemaAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(cancellation);
                await CreateSchemaAsync(connection, cancellation);
                return;
            }
            catch (PostgresException refusal) when (!refusal.IsTransient)
            {
                throw Explain(refusal);
            }
            catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
            {
                if (clock.GetElapsedTime(started) >= patience)
                {
                    throw new OrleansEdgeException(ExitCode.Unavailable,
                        $"PostgreSQL at {Place} cannot be reached: {OneLine(failure)}", failure);
                }
                log.LogWarning("waiting for PostgreSQL at {Place}: {Reason}", Place, OneLine(failure));
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation);
            }
        }
    }

    private async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await IsUsableAsync(connection, cancellation))
        {
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellation);
        if (await IsUsableAsync(connection, cancellation))
        {
            return;
        }
        await RefuseForeignTablesAsync(connection, cancellation);
        var quoted = '"' + schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        if (!await AskAsync(connection, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", cancellation))
        {
            await ExecuteAsync(connection, $"CREATE SCHEMA {quoted}", cancellation);
        }
        await ExecuteAsync(connection, Script(), cancellation);
        await transaction.CommitAsync(cancellation);
        if (log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("created schema {Schema} version {Version} at {Place}", schema, SchemaVersion, Place);
        }
    }

    /// <summary>Whether the schema is there in this version or in a later one that this program can use.</summary>
    private async Task<bool> IsUsableAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await HasTableAsync(connection, "schema_version", cancellation))
        {
            return false;
        }
        await using var command = new NpgsqlCommand("SELECT version, readable_from FROM schema_version", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation))
        {
            return false;
        }
        var (version, readableFrom) = (rows.GetInt32(0), rows.GetInt32(1));
        return readableFrom > SchemaVersion
            ? throw OrleansEdgeException.WrongData($"schema '{schema}' at {Place} has version {version}, which needs a silo " +
                $"of schema version {readableFrom} or later; this one has {SchemaVersion}")
            : version >= SchemaVersion;
    }

    private async Task RefuseForeignTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await HasTableAsync(connection, "orleansquery", cancellation)
            && !await HasTableAsync(connection, "schema_version", cancellation))
        {
            throw OrleansEdgeException.WrongData($"schema '{schema}' at {Place} holds Orleans tables that oe-silo did not " +
                "create; name another with --schema");
        }
    }

    private OrleansEdgeException Explain(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new(ExitCode.Usage, $"PostgreSQL at {Place} refuses user '{_connection.Username}': {refusal.MessageText}", refusal),
        PostgresErrorCodes.InvalidCatalogName =>
            new(ExitCode.Usage, $"PostgreSQL at {Place}: {refusal.MessageText}", refusal),
        PostgresErrorCodes.InsufficientPrivilege =>
            new(ExitCode.Usage, $"PostgreSQL at {Place}: user '{_connection.Username}' may not create schema '{schema}' or its " +
                $"tables: {refusal.MessageText}", refusal),
        _ => new(ExitCode.Data, $"PostgreSQL at {Place}, schema '{schema}': {refusal.MessageText} ({refusal.SqlState})", refusal),
    };

    private static NpgsqlConnectionStringBuilder Parse(string connectionString, string schema)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new OrleansEdgeException(
                ExitCode.Usage, $"the connection string is wrong: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
        if (string.IsNullOrEmpty(connection.Host))
        {
            throw OrleansEdgeException.Usage("the connection string names no Host; expected such as " +
                "'Host=db;Database=edge;Username=edge;Password=...'");
        }
        connection.SearchPath = schema;
        connection.Timezone = "UTC";
        connection.ApplicationName ??= "oe-silo";
        connection.Timeout = Math.Min(connection.Timeout, 5);
        connection.CommandTimeout = Math.Min(connection.CommandTimeout, 15);
        connection.KeepAlive = connection.KeepAlive == 0 ? 10 : connection.KeepAlive;
        connection.MaxPoolSize = connection.ShouldSerialize("Maximum Pool Size")
            ? connection.MaxPoolSize
            : StandardPoolSize;
        connection.ConnectionIdleLifetime = Math.Min(connection.ConnectionIdleLifetime, IdleSeconds);
        return connection;
    }

    // Read from the catalogue's tables: to_regclass may answer from before the lock was granted.
    private Task<bool> HasTableAsync(NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        AskAsync(
        connection,
        "SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace " +
        $"WHERE n.nspname = $1 AND c.relname = '{table}')",
        cancellation);

    /// <param name="question">Asks about the schema, $1.</param>
    private async Task<bool> AskAsync(NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection) { Parameters = { new() { Value = schema } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statements, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Script()
    {
        using var stream = typeof(PostgresDatabase).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string OneLine(Exception failure) =>
        (failure.InnerException ?? failure).Message.ReplaceLineEndings(" ");
}
