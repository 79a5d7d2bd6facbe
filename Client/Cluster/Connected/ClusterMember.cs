using System.Globalization;
using System.Net;
using Npgsql;
using Orleans.Runtime;

namespace OrleansEdge.Client.Cluster;

/// <summary>A silo as the membership table has it.</summary>
/// <param name="GatewayPort">0 when it takes no clients.</param>
/// <param name="AliveAt">When it last said that it is alive.</param>
/// <param name="Votes">Who has voted that it is dead, and when; its own vote when it has left.</param>
/// <param name="ReadAt">The database's clock.</param>
internal sealed record ClusterMember(
    string Name, SiloAddress Address, int GatewayPort, SiloStatus Status, DateTime AliveAt,
    IReadOnlyList<(SiloAddress Voter, DateTime At)> Votes, DateTime ReadAt)
{
    /// <summary>A silo says that it is alive every 10 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>A vote counts for so long, as the silos are set up.</summary>
    private static readonly TimeSpan VoteLife = TimeSpan.FromSeconds(60);

    private const string Query =
        "SELECT silo_name, address, port, generation, proxy_port, status, alive_at, suspect_times, now() FROM cluster_member " +
        "WHERE cluster = $1 ORDER BY status = 3 DESC, started_at DESC, generation DESC LIMIT 100";

    public IPEndPoint Gateway => new(Address.Endpoint.Address, GatewayPort);

    /// <summary>It ended in order.</summary>
    public bool HasLeft => Status == SiloStatus.Dead && Votes.Any(vote => vote.Voter.Equals(Address));

    /// <summary>It should take part and does.</summary>
    public bool IsSound => Status == SiloStatus.Active && !IsSilent && FreshVotes == 0;

    private bool IsSilent => ReadAt - AliveAt > Silence;

    private int FreshVotes => Status == SiloStatus.Active ? Votes.Count(vote => ReadAt - vote.At < VoteLife) : 0;

    /// <summary>Such as "127.0.0.1:11111 is joining, last 'I am alive' 3 s ago (15:01:02 UTC)".</summary>
    public string Description => $"{Address.Endpoint} {State}";

    /// <summary>
    /// The silos of a cluster, without those that have ended and were followed by another in their place.
    /// </summary>
    public static async Task<IReadOnlyList<ClusterMember>> ReadAll(
        NpgsqlConnection connection, string cluster, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.Add(new() { Value = cluster });
        await using var rows = await command.ExecuteReaderAsync(stop);
        var members = new List<ClusterMember>();
        while (await rows.ReadAsync(stop))
        {
            var member = Read(rows);
            if (member.Status == SiloStatus.Active || !members.Any(member.IsFollowedBy))
            {
                members.Add(member);
            }
        }
        return members;
    }

    private bool IsFollowedBy(ClusterMember other) =>
        other.Name == Name || other.Address.Endpoint.Equals(Address.Endpoint);

    private static ClusterMember Read(NpgsqlDataReader row)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(row.GetString(1)), row.GetInt32(2));
        return new ClusterMember(
            row.GetString(0), SiloAddress.New(endpoint, row.GetInt32(3)), row.GetInt32(4), (SiloStatus)row.GetInt32(5),
            row.GetDateTime(6), row.IsDBNull(7) ? [] : ReadVotes(row.GetString(7)), row.GetDateTime(8));
    }

    /// <summary>"ADDRESS:PORT@GENERATION,2026-01-31 23:59:59.000 GMT|...".</summary>
    private static List<(SiloAddress, DateTime)> ReadVotes(string text)
    {
        var votes = new List<(SiloAddress, DateTime)>();
        foreach (var vote in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            if (vote.Split(',') is [var voter, var at] && DateTime.TryParseExact(
                at, "yyyy-MM-dd HH:mm:ss.fff 'GMT'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                votes.Add((SiloAddress.FromParsableString(voter), time));
            }
        }
        return votes;
    }

    private string State => Status switch
    {
        SiloStatus.Active when FreshVotes > 0 => $"is active and suspected by {FreshVotes}",
        SiloStatus.Active when IsSilent => "is active but silent",
        SiloStatus.Active => "is active",
        SiloStatus.Dead when HasLeft => $"has left {Since(Votes.Max(vote => vote.At))}",
        SiloStatus.Dead when Votes.Count > 0 => $"is dead, voted out {Since(Votes.Max(vote => vote.At))}, {Alive}",
        SiloStatus.Dead => $"is dead, {Alive}",
        SiloStatus.ShuttingDown or SiloStatus.Stopping => $"is stopping, {Alive}",
        _ => $"is joining, {Alive}",
    };

    /// <summary>When it last said that it is alive.</summary>
    public string Alive => $"last 'I am alive' {Since(AliveAt)}";

    private string Since(DateTime time)
    {
        var ago = ReadAt - time;
        var clock = ago < TimeSpan.FromHours(12) ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Math.Max(ago.TotalSeconds, 0):F0} s ago ({time.ToString(clock, CultureInfo.InvariantCulture)} UTC)");
    }
}
