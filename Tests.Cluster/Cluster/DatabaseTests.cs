using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansEdge.Core;
using OrleansEdge.Silo.Storage;

namespace OrleansEdge.Tests.Cluster;

/// <summary>
/// A database that is not as it must be. OE_TEST_POSTGRES holds the connection string of one for tests.
/// </summary>
public sealed class DatabaseTests : IAsyncDisposable
{
    private const string Variable = "OE_TEST_POSTGRES";

    private readonly string? _database = Environment.GetEnvironmentVariable(Variable);
    private readonly string _schema = $"oe_test_{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        if (!string.IsNullOrEmpty(_database))
        {
            await Execute($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        }
    }

    [Theory]
    [InlineData("Hots=db", "the connection string is wrong: ")]
    [InlineData("Database=edge", "the connection string names no Host; expected such as 'Host=db;")]
    public void A_wrong_connection_string_is_one_line(string text, string line)
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Database(text));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.StartsWith(line, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("Host=db", PostgresDatabase.StandardPoolSize)]
    [InlineData("Host=db;Maximum Pool Size=3", 3)]
    [InlineData("Host=db;MaxPoolSize=40", 40)]
    public void A_silo_opens_few_connections_unless_it_is_told_how_many(string text, int connections) =>
        Assert.Equal(connections, new NpgsqlConnectionStringBuilder(Database(text).ConnectionString).MaxPoolSize);

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_without_its_password()
    {
        var failure = await Refusal(
            $"Host=127.0.0.1;Port={TwoSilos.FreePort()};Database=edge;Username=a;Password=secret");
        Assert.Equal(ExitCode.Unavailable, failure.ExitCode);
        Assert.Matches(@"^PostgreSQL at 127\.0\.0\.1:\d+/edge cannot be reached: ", failure.Message);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_database_are_refused()
    {
        var password = await Refusal(Given() with { Password = "wrong" });
        Assert.Equal(ExitCode.Usage, password.ExitCode);
        Assert.Contains("refuses user", password.Message, StringComparison.Ordinal);
        var database = await Refusal(Given() with { Database = _schema });
        Assert.Equal(ExitCode.Usage, database.ExitCode);
        Assert.Contains($"database \"{_schema}\" does not exist", database.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_somebody_else_is_left_alone()
    {
        Given();
        await Execute($"CREATE SCHEMA {_schema}; CREATE TABLE {_schema}.orleansquery (querykey text)");
        var failure = await Refusal(Given());
        Assert.Equal(ExitCode.Data, failure.ExitCode);
        Assert.Contains($"schema '{_schema}' at ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("holds Orleans tables that oe-silo did not create; name another with --schema", failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(1L, await Execute(
            $"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{_schema}'"));
    }

    [Fact]
    public async Task A_schema_of_a_later_version_is_refused_unless_it_can_be_read()
    {
        await Database(Given().Text).CreateSchemaAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        await Execute($"UPDATE {_schema}.schema_version SET version = 9, readable_from = 1");
        await Database(Given().Text).CreateSchemaAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        await Execute($"UPDATE {_schema}.schema_version SET readable_from = 9");
        var failure = await Refusal(Given());
        Assert.Equal(ExitCode.Data, failure.ExitCode);
        Assert.EndsWith(
            "has version 9, which needs a silo of schema version 9 or later; this one has 1", failure.Message,
            StringComparison.Ordinal);
    }

    private Connection Given()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(_database), $"{Variable} holds no connection string of a PostgreSQL for tests");
        var given = new NpgsqlConnectionStringBuilder(_database);
        return new Connection(_database!, given.Password, given.Database);
    }

    private Task<OrleansEdgeException> Refusal(Connection connection) => Refusal(connection.Text);

    private Task<OrleansEdgeException> Refusal(string connection) => Assert.ThrowsAsync<OrleansEdgeException>(() =>
        Database(connection).CreateSchemaAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));

    private PostgresDatabase Database(string connection) =>
        new(connection, _schema, TimeProvider.System, NullLogger.Instance);

    private async Task<object?> Execute(string statement)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The database for tests, with another password or name.</summary>
    private sealed record Connection(string Given, string? Password, string? Database)
    {
        public string Text =>
            new NpgsqlConnectionStringBuilder(Given) { Password = Password, Database = Database }.ConnectionString;
    }
}
