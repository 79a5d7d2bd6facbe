using System.Buffers;
using System.Data;
using Npgsql;
using NpgsqlTypes;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansEdge.Silo.Storage;

/// <summary>
/// Grain storage for parameters: a record is written as chunks of bounded size in one transaction, so that no statement
/// carries more than a chunk and a reader sees a whole record or the one before it.
/// </summary>
internal sealed class LargeStateStorage(string connectionString, string service, Serializer serializer) : IGrainStorage
{
    /// <summary>The largest chunk.</summary>
    public const int ChunkBytes = 1024 * 1024;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        // One snapshot for head and chunks.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var head = Command(connection, "SELECT version, bytes FROM large_state WHERE " + IsRecord, stateName, grainId);
        long version, bytes;
        await using (var rows = await head.ExecuteReaderAsync())
        {
            if (!await rows.ReadAsync())
            {
                (grainState.State, grainState.ETag, grainState.RecordExists) =
                    (Activator.CreateInstance<T>(), null, false);
                return;
            }
            (version, bytes) = (rows.GetInt64(0), rows.GetInt64(1));
        }
        var whole = await ReadChunksAsync(connection, stateName, grainId, checked((int)bytes));
        grainState.State = serializer.Deserialize<T>(whole);
        (grainState.ETag, grainState.RecordExists) = (version.ToString(Invariant), true);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var buffer = new ArrayBufferWriter<byte>(ChunkBytes);
        serializer.Serialize(grainState.State, buffer);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var version = await WriteHeadAsync(connection, stateName, grainId, grainState.ETag, buffer.WrittenCount);
        await WriteChunksAsync(connection, stateName, grainId, buffer.WrittenMemory);
        await transaction.CommitAsync();
        (grainState.ETag, grainState.RecordExists) = (version.ToString(Invariant), true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is null)
        {
            return;
        }
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = Command(
            connection, $"DELETE FROM large_state WHERE {IsRecord} AND version = $4", stateName, grainId);
        command.Parameters.Add(new() { Value = long.Parse(grainState.ETag, Invariant) });
        if (await command.ExecuteNonQueryAsync() == 0)
        {
            throw Conflict(stateName, grainId, grainState.ETag);
        }
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
    }

    private const string IsRecord = "service = $1 AND grain_type = $2 AND key_text = $3";

    private static readonly System.Globalization.CultureInfo Invariant =
        System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>
    /// Writes the head if the record still has the version that was read; its row lock orders writers.
    /// </summary>
    private async Task<long> WriteHeadAsync(
        NpgsqlConnection connection, string stateName, GrainId grainId, string? readVersion, long bytes)
    {
        await using var command = Command(connection,
            readVersion is null
                ? "INSERT INTO large_state (service, grain_type, key_text, version, bytes) VALUES ($1, $2, $3, 1, $4) " +
                    "ON CONFLICT DO NOTHING RETURNING version"
                : "UPDATE large_state SET version = version + 1, bytes = $4, written_at = now() " +
                    $"WHERE {IsRecord} AND version = $5 RETURNING version",
            stateName, grainId);
        command.Parameters.Add(new() { Value = bytes });
        if (readVersion is not null)
        {
            command.Parameters.Add(new() { Value = long.Parse(readVersion, Invariant) });
        }
        return await command.ExecuteScalarAsync() is long version
            ? version
            : throw Conflict(stateName, grainId, readVersion);
    }

    private async Task WriteChunksAsync(
        NpgsqlConnection connection, string stateName, GrainId grainId, ReadOnlyMemory<byte> whole)
    {
        var chunks = (whole.Length + ChunkBytes - 1) / ChunkBytes;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var from = chunk * ChunkBytes;
            await using var command = Command(connection,
                "INSERT INTO large_state_chunk (service, grain_type, key_text, chunk, state) VALUES ($1, $2, $3, $4, $5) " +
                "ON CONFLICT (service, grain_type, key_text, chunk) DO UPDATE SET state = excluded.state",
                stateName, grainId);
            command.Parameters.Add(new() { Value = chunk });
            command.Parameters.Add(new()
            {
                Value = whole.Slice(from, Math.Min(ChunkBytes, whole.Length - from)),
                NpgsqlDbType = NpgsqlDbType.Bytea,
            });
            await command.ExecuteNonQueryAsync();
        }
        await using var rest = Command(
            connection, $"DELETE FROM large_state_chunk WHERE {IsRecord} AND chunk >= $4", stateName, grainId);
        rest.Parameters.Add(new() { Value = chunks });
        await rest.ExecuteNonQueryAsync();
    }

    private async Task<byte[]> ReadChunksAsync(
        NpgsqlConnection connection, string stateName, GrainId grainId, int bytes)
    {
        var whole = new byte[bytes];
        var filled = 0;
        await using var command = Command(
            connection, $"SELECT state FROM large_state_chunk WHERE {IsRecord} ORDER BY chunk", stateName, grainId);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        while (await rows.ReadAsync())
        {
            var chunk = await rows.GetFieldValueAsync<byte[]>(0);
            chunk.CopyTo(whole, filled);
            filled += chunk.Length;
        }
        return filled == bytes
            ? whole
            : throw new InvalidDataException(
                $"state '{stateName}' of {grainId} has {filled} bytes; its head says {bytes}");
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string statement, string stateName, GrainId grainId) =>
        new(statement, connection)
        {
            Parameters =
            {
                new() { Value = service },
                new() { Value = $"{grainId.Type}/{stateName}" },
                new() { Value = grainId.Key.ToString()! },
            },
        };

    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? version) =>
        new($"state '{stateName}' of {grainId} was written by someone else since version {version ?? "none"} was read");
}
