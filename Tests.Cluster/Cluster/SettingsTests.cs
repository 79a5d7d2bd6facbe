using System.Net;
using OrleansEdge.Core;
using OrleansEdge.Silo;

namespace OrleansEdge.Tests.Cluster;

public sealed class SettingsTests
{
    [Fact]
    public void Nothing_given_is_a_silo_on_this_machine()
    {
        var options = Read([]);
        Assert.Equal(ClusteringKind.Localhost, options.Clustering);
        Assert.Equal(IPAddress.Loopback, options.Address);
    }

    [Fact]
    public void A_flag_wins_over_a_variable()
    {
        var options = Read(["--site", "north", "--silo-port=12000"], ("OE_SITE", "south"), ("OE_ZONE", "a"));
        Assert.Equal(("north", "a", 12000), (options.Site, options.Zone, options.SiloPort));
    }

    [Theory]
    [InlineData("--silo-port 70000", "--silo-port 70000 is out of range: expected 1 to 65535")]
    [InlineData("--silo-port x", "--silo-port 'x': expected a whole number")]
    [InlineData("--clustering raft", "--clustering 'raft': expected localhost or postgres")]
    [InlineData("--placement random", "--placement 'random': expected spread or game")]
    [InlineData("--rebalance-every -1", "--rebalance-every -1 is out of range: expected 0 (never) to 86400 seconds")]
    [InlineData("--site a/b", "--site 'a/b' is out of range: expected 1 to 63 letters, digits, '-', '_' or '.'")]
    [InlineData("--capacity 0", "--capacity 0 is out of range: expected above 0, at most 1000000")]
    [InlineData("--sitte a", "'--sitte' is unknown; oe-silo --help lists the options")]
    [InlineData("--address 0.0.0.0",
        "--address 0.0.0.0 is out of range: expected an address that other silos can reach; add --listen-any to listen on every interface")]
    [InlineData("--address 10.0.0.1",
        "--address 10.0.0.1 is out of range: expected a loopback address with --clustering localhost")]
    [InlineData("--certificate a.crt",
        "TLS needs all of --certificate, --key and --authority; got 'a.crt', '' and ''")]
    public void A_wrong_value_is_one_line(string arguments, string line)
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Read(arguments.Split(' ')));
        Assert.Equal((ExitCode.Usage, line), (failure.ExitCode, failure.Message));
    }

    [Fact]
    public void Secrets_do_not_come_from_the_command_line()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Read(["--token", "0123456789abcdef"]));
        Assert.Equal(
            "--token is a secret and would show in the process list; use the variable OE_TOKEN or --token-file FILE",
            failure.Message);
    }

    [Fact]
    public void A_web_address_that_others_reach_needs_a_token()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Read(["--web-url", "http://0.0.0.0:8080"]));
        Assert.Equal(
            "--web-url http://0.0.0.0:8080 is reachable from other machines and needs a token in the environment variable "
            + "OE_TOKEN or in the file named by --token-file", failure.Message);
        Assert.Equal("http://0.0.0.0:8080/", Read(
            ["--web-url", "http://0.0.0.0:8080"], ("OE_TOKEN", "0123456789abcdef")).WebUrl.ToString());
    }

    [Fact]
    public void Postgres_needs_a_connection_string()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Read(["--clustering", "postgres"]));
        Assert.StartsWith("--clustering postgres needs a connection string", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_secret_file_is_named()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() => Read(["--token-file", "/nowhere"]));
        Assert.Equal((ExitCode.MissingInput, "--token-file: file '/nowhere' does not exist"), (failure.ExitCode, failure.Message));
    }

    [Fact]
    public void The_help_names_every_option() =>
        Assert.Contains("--probe-timeout", SiloSettings.Help, StringComparison.Ordinal);

    private static SiloOptions Read(string[] arguments, params (string Name, string Value)[] variables) =>
        SiloSettings.Read(arguments, name => variables.FirstOrDefault(v => v.Name == name).Value);
}
