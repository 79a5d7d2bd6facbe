using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansEdge.Client.Cluster;
using OrleansEdge.Core;
using OrleansEdge.Silo.Storage;
using OrleansEdge.Tests.Client;
using OrleansEdge.Tests.Cluster.Failures;

namespace OrleansEdge.Tests.Cluster;

/// <summary><c>oe doctor</c> says what it waits for and why.</summary>
public sealed class DoctorTests(TwoSilos cluster) : IAsyncDisposable
{
    private readonly string? _database = Environment.GetEnvironmentVariable(ThreeProcesses.Variable);
    private readonly string _schema = $"oe_test_{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        if (!string.IsNullOrEmpty(_database))
        {
            await Execute($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        }
    }

    [Fact]
    public async Task A_running_cluster_is_all_well()
    {
        var run = await Doctor([], "--gateway", cluster.Gateway);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(("ok", "answers"), Check(run, $"gateway {cluster.Gateway}"));
        var (state, found) = Check(run, "cluster 'edge'");
        Assert.Equal("ok", state);
        Assert.StartsWith("lets this client in; ", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_cluster_is_unavailable_when_it_was_named()
    {
        var gateway = $"127.0.0.1:{TwoSilos.FreePort()}";
        var run = await Doctor(new() { ["OE_GATEWAY"] = gateway });
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        var (state, found) = Check(run, "cluster 'edge'");
        Assert.Equal("missing", state);
        Assert.StartsWith(
            $"gateway {gateway}: cannot be reached: Connection refused", found, StringComparison.Ordinal);
        Assert.Equal(0, (await Doctor([])).ExitCode); // whatever runs here
    }

    [Fact]
    public async Task Another_cluster_is_named()
    {
        var found = await Absence([], "--gateway", cluster.Gateway, "--cluster-id", "other");
        Assert.StartsWith(
            $"gateway {cluster.Gateway} answers but does not let this client in: ", found, StringComparison.Ordinal);
        Assert.Matches(
            @"(it belongs to cluster 'edge', not to|or not be one of cluster) 'other' \(--cluster-id\)$", found);
    }

    [Fact]
    public async Task A_wrong_connection_string_is_one_line_without_its_password()
    {
        var wrong = await Absence(Postgres("Hots=db;Password=secret"));
        Assert.StartsWith("the connection string is wrong: ", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
        var port = TwoSilos.FreePort();
        var away = await Absence(Postgres($"Host=127.0.0.1;Port={port};Database=edge;Username=a;Password=secret"));
        Assert.StartsWith($"PostgreSQL: 127.0.0.1:{port} cannot be reached: ", away, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", away, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_database_that_is_mute_can_be_stopped()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        using var stop = new CancellationTokenSource();
        using var console = new ConsoleHarness
        {
            Variables = Postgres($"Host=127.0.0.1;Port={PortOf(mute)};Username=a;Database=b"),
        };
        var run = console.Run(stop.Token, "doctor");
        using var connection = await mute.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.Equal("oe: stopped before there was a result", Assert.Single((await run).ErrorLines));
    }

    [Fact]
    public async Task A_gateway_that_is_mute_is_not_waited_for()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var gateway = $"127.0.0.1:{PortOf(mute)}";
        Assert.StartsWith($"gateway {gateway} answers but does not let this client in: ",
            await Absence([], "--gateway", gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_refuses_says_whom()
    {
        var given = Given();
        var password = await Absence(
            Postgres(new NpgsqlConnectionStringBuilder(_database) { Password = "x" }.ToString()));
        Assert.StartsWith(
            $"PostgreSQL: {given.Host}:{given.Port} refuses user '{given.Username}': ", password, StringComparison.Ordinal);
        var database = await Absence(
            Postgres(new NpgsqlConnectionStringBuilder(_database) { Database = _schema }.ToString()));
        Assert.Equal(
            $"PostgreSQL: {given.Host}:{given.Port}: database \"{_schema}\" does not exist; {ClusterFinding.HowToStart}",
            database);
    }

    [Fact]
    public async Task Schemas_that_are_absent_empty_or_without_silos_are_told_apart()
    {
        var place = $"schema '{_schema}' of {Given().Host}:{Given().Port}/{Given().Database}";
        var remedy = "; a silo creates schema and tables when it first starts, or --schema names another; "
            + ClusterFinding.HowToStart;
        Assert.Equal($"PostgreSQL: {place} does not exist" + remedy, await Absence(Postgres(_database!)));
        await Execute($"CREATE SCHEMA {_schema}");
        Assert.Equal($"PostgreSQL: {place} has no table cluster_member" + remedy, await Absence(Postgres(_database!)));
        await CreateTables();
        Assert.Equal($"cluster 'edge': no silo has joined it; table cluster_member of {place} has none; "
                + ClusterFinding.HowToStart,
            await Absence(Postgres(_database!)));
    }

    [Fact]
    public async Task Silos_that_take_no_part_are_named_with_the_reason()
    {
        Given();
        await CreateTables();
        var fresh = string.Create(
            CultureInfo.InvariantCulture, $"127.0.0.1:9@1,{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff} GMT");
        await Execute($"INSERT INTO {_schema}.cluster_version VALUES ('edge')");
        await Join("joining", 1, status: 2, secondsSilent: 2, gatewayPort: 30_000);
        await Join("stopping", 2, status: 4, secondsSilent: 3, gatewayPort: 30_000);
        await Join("dead", 3, status: 6, secondsSilent: 500, gatewayPort: 30_000);
        await Join("expelled", 4, status: 6, secondsSilent: 40, gatewayPort: 30_000, fresh);
        await Join("gone", 9, status: 6, secondsSilent: 40, gatewayPort: 30_000, fresh);
        var none = await Absence(Postgres(_database!));
        Assert.StartsWith("cluster 'edge': no silo is active; ", none, StringComparison.Ordinal);
        Assert.Matches(
            @"silo joining: 127\.0\.0\.1:1 is joining, last 'I am alive' \d+ s ago \(\d\d:\d\d:\d\d UTC\)", none);

        var gateway = int.Parse(cluster.Gateway.Split(':')[1], CultureInfo.InvariantCulture);
        await Join("suspect", 5, status: 3, secondsSilent: 0, gateway, fresh);
        await Join("silent", 6, status: 3, secondsSilent: 90, gateway);
        await Join("deaf", 7, status: 3, secondsSilent: 0, TwoSilos.FreePort());
        await Join("dead", 8, status: 3, secondsSilent: 0, gateway); // it has come back
        var run = await Doctor(Postgres(_database!));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("weak", Check(run, "silo joining").State);
        Assert.Matches(@"^127\.0\.0\.1:2 is stopping, last 'I am alive' ", Check(run, "silo stopping").Found);
        Assert.Matches(
            @"^127\.0\.0\.1:4 is dead, voted out \d+ s ago \(.*\), last 'I am alive' \d+ s ago",
            Check(run, "silo expelled").Found);
        Assert.Matches(@"^127\.0\.0\.1:9 has left \d+ s ago", Check(run, "silo gone").Found);
        Assert.Equal("ok", Check(run, "silo gone").State);
        Assert.Matches(
            @"^127\.0\.0\.1:5 is active and suspected by 1, its gateway \S+ answers; last 'I am alive' ",
            Check(run, "silo suspect").Found);
        Assert.Matches(
            @"^127\.0\.0\.1:6 is active but silent, its gateway \S+ answers; last 'I am alive' \d+ s ago",
            Check(run, "silo silent").Found);
        Assert.Matches(
            @"^127\.0\.0\.1:7 is active, but its gateway \S+ cannot be reached: Connection refused; last 'I am alive' ",
            Check(run, "silo deaf").Found);
        Assert.Equal(("ok", $"127.0.0.1:8 is active, its gateway {cluster.Gateway} answers"), Check(run, "silo dead"));
    }

    [Fact]
    public async Task Silos_that_died_and_left_are_told_from_those_that_run()
    {
        await using var processes = await ThreeProcesses.Start();
        var variables = new Dictionary<string, string>(processes.Variables);
        var run = await Doctor(variables);
        Assert.Equal(0, run.ExitCode);
        Assert.All(processes.Silos, silo => Assert.Contains(" is active", Check(run, $"silo {silo.Site}").Found));
        await processes.Silos[0].Kill();
        await processes.Silos[1].Terminate();
        Assert.Matches(
            @"^\S+ has left \d+ s ago", Check(await Doctor(variables), $"silo {processes.Silos[1].Site}").Found);
        await processes.Silos[2].Kill();
        run = await Doctor(variables);
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        Assert.Matches(
            $@"silo {processes.Silos[2].Site}: \S+ is active.*, but its gateway \S+ cannot be reached: Connection refused",
            Check(run, $"cluster '{variables["OE_CLUSTER_ID"]}'").Found);
    }

    private NpgsqlConnectionStringBuilder Given()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_database), $"{ThreeProcesses.Variable} names no PostgreSQL database");
        return new NpgsqlConnectionStringBuilder(_database);
    }

    private Dictionary<string, string> Postgres(string connectionString) => new()
    {
        ["OE_CLUSTERING"] = "postgres",
        ["OE_CONNECTION_STRING"] = connectionString,
        ["OE_SCHEMA"] = _schema,
    };

    private static async Task<ConsoleRun> Doctor(Dictionary<string, string> variables, params string[] more)
    {
        using var console = new ConsoleHarness { Variables = variables };
        var run = await console.Run(["doctor", "--format", "json", .. more]);
        Assert.Equal("", run.Error);
        return run;
    }

    /// <summary>The one line that says why the cluster is not there.</summary>
    private static async Task<string> Absence(Dictionary<string, string> variables, params string[] more)
    {
        var run = await Doctor(variables, more);
        Assert.Equal((int)ExitCode.Unavailable, run.ExitCode);
        var missing = Checks(run).Last();
        Assert.Equal("missing", missing.GetProperty("state").GetString());
        return missing.GetProperty("found").GetString()!;
    }

    private static (string? State, string? Found) Check(ConsoleRun run, string part)
    {
        var check = Checks(run).Single(check => check.GetProperty("part").GetString() == part);
        return (check.GetProperty("state").GetString(), check.GetProperty("found").GetString());
    }

    private static IEnumerable<JsonElement> Checks(ConsoleRun run) => run.Json.GetProperty("checks").EnumerateArray();

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private Task CreateTables() => new PostgresDatabase(_database!, _schema, TimeProvider.System, NullLogger.Instance)
        .CreateSchemaAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

    private Task Join(string name, int port, int status, int secondsSilent, int gatewayPort, string votes = "") =>
        Execute(
        $"INSERT INTO {_schema}.cluster_member (cluster, address, port, generation, silo_name, host_name, status, proxy_port, " +
        $"suspect_times, started_at, alive_at) VALUES ('edge', '127.0.0.1', {port}, 1, '{name}', 'here', {status}, " +
        $"{gatewayPort}, nullif('{votes}', ''), now(), now() - interval '{secondsSilent} s')");

    private async Task Execute(string statement)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
