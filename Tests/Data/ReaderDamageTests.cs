using System.Text;
using OrleansEdge.Core;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Data.Tntp;

namespace OrleansEdge.Tests.Data;

/// <summary>
/// Damaged files give a result or one line with exit code 65: no other exception, and no more memory than the file's
/// length accounts for.
/// </summary>
public sealed class ReaderDamageTests : IDisposable
{
    private const long FixedBytes = 2 << 20;
    private const long BytesPerByte = 4000;

    private static readonly string[] Splinters =
    [
        "<", ">", "~", ";", ":", "\"", ",", "\n", "\r", "\t", "\0", "-", "e", "999999999999", "2147483647", "1e308", "NaN", "∞",
        "Origin", "<NUMBER OF NODES> 2000000000\n", "<NUMBER OF ZONES> 2147483647\n", "<END OF METADATA>\n", "\uFEFF",
        "1 2 3 4 5 6 7 8 9 10 ;", "~ from to capacity fft b power length toll\n", "\"\"", ";;;;", "LATITUDE,", "-37.8,144.9\n",
    ];

    private readonly TntpFiles _files = new();

    [Fact]
    public void Damaged_networks_are_read_or_refused() => Damage(
        1500, TntpFiles.Head + "~ init_node term_node capacity length fft b power speed toll type ;\n" + TntpFiles.Links,
        path => TntpNetworkReader.Read(path));

    [Fact]
    public void Damaged_networks_of_any_numbers_are_read_or_refused() => Damage(
        500, TntpFiles.Head + TntpFiles.Links.Replace('4', '7'), path => TntpNetworkReader.Read(path));

    [Fact]
    public void Damaged_trips_are_read_or_refused()
    {
        var network = _files.Network(TntpFiles.Head + TntpFiles.Links);
        Damage(1500, TntpFiles.Trips + "1 : 0.0; 2 : 5;\nOrigin 2\n2 : 7;\n", path => TntpTripsReader.Read(path, network));
    }

    [Fact]
    public void Damaged_nodes_are_read_or_refused() => Damage(
        500, "Node\tX\tY\t;\n1\t-96.5\t43.25\t;\n2\t-96.5\t43.25\t;\n", path => TntpNodeReader.Read(path));

    [Fact]
    public void Damaged_flows_are_read_or_refused() => Damage(
        500, "From\tTo\tVolume\tCost\n1\t2\t10.5\t6.25\n2\t1\t3\t4\n", path => TntpFlowFile.Read(path));

    [Fact]
    public void Damaged_sites_are_read_or_refused() => Damage(
        1500,
        "SITE_ID,LATITUDE,LONGITUDE,NAME\r\n1,-37.8,144.9,\"Spring St, Flinders \"\"St\"\"\"\r\n2,-37.9,145,plain\r\n",
        path => EuaReader.ReadSites(path));

    [Fact]
    public void Damaged_borders_are_read_or_refused() => Damage(
        500, "LATITUDE,LONGITUDE\n-37.8,144.9\n-37.9,144.9\n-37.9,145\n-37.8,144.9\n", path => EuaReader.ReadBoundary(path));

    public void Dispose() => _files.Dispose();

    private void Damage(int tests, string whole, Action<string> read)
    {
        read(_files.Write("whole.txt", whole));
        AnySeed.Satisfies(tests, seed =>
        {
            var bytes = Damaged(Encoding.UTF8.GetBytes(whole), seed);
            var path = _files.Write("damaged.txt", bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (OrleansEdgeException exception)
            {
                Assert.Equal(ExitCode.Data, exception.ExitCode);
                Assert.DoesNotContain('\n', exception.Message);
                Assert.InRange(exception.Message.Length, 10, 2000);
            }
            Assert.InRange(
                GC.GetAllocatedBytesForCurrentThread() - before, 0, FixedBytes + (BytesPerByte * bytes.Length));
        });
    }

    private static byte[] Damaged(byte[] whole, ulong seed)
    {
        var random = new RandomStream(seed, "damage");
        var bytes = whole.ToList();
        for (var i = 0; i < 1 + random.NextInt(6); i++)
        {
            var at = random.NextInt(bytes.Count + 1);
            var length = Math.Min(1 + random.NextInt(12), bytes.Count - at);
            switch (random.NextInt(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(random.NextInt(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 4 when random.NextInt(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Splinters[random.NextInt(Splinters.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}
