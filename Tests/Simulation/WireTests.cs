using Orleans;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Tests.Simulation;

public sealed class WireTests
{
    [Fact]
    public void Integers_take_seven_bits_a_byte_and_numbers_their_width()
    {
        Assert.Equal(1, BytesOf(0));
        Assert.Equal(1, BytesOf(-64));
        Assert.Equal(2, BytesOf(64));
        Assert.Equal(5, BytesOf(int.MinValue));
        Assert.Equal(10, BytesOf(long.MinValue));
        Assert.Equal(9, BytesOf(ulong.MaxValue >> 1));
        Assert.Equal(10, BytesOf(ulong.MaxValue));
        Assert.Equal(4, BytesOf(1f));
        Assert.Equal(8, BytesOf(1d));
        Assert.Equal(2, BytesOf((Half)1));
        Assert.Equal(1, BytesOf(true));
        Assert.Equal(1, BytesOf((byte)200));
        Assert.Equal(16, BytesOf(1m));
        Assert.Equal(16, BytesOf(Guid.Empty));
        Assert.Equal(8, BytesOf(TimeSpan.FromDays(1)));
        Assert.Equal(2, BytesOf(Size.Large));
        Assert.Equal(16, BytesOf(UInt128.One));
        Assert.Equal(8 + 1, BytesOf(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Values_that_differ_anywhere_hash_differently()
    {
        Assert.NotEqual(HashOf(false), HashOf(true));
        Assert.NotEqual(HashOf(UInt128.One), HashOf(UInt128.One << 64));
        foreach (var other in (decimal[])[2, -1, 0.1m, 1L << 32, 1m + decimal.MaxValue / 2])
        {
            Assert.NotEqual(HashOf(1m), HashOf(other));
        }
        Assert.NotEqual(
            HashOf(DateTimeOffset.UnixEpoch), HashOf(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.FromHours(2))));
        Assert.NotEqual(HashOf(DateTimeOffset.UnixEpoch), HashOf(DateTimeOffset.UnixEpoch.AddTicks(1)));
    }

    /// <summary>An array, a list, or what a compiler makes of a collection expression.</summary>
    [Fact]
    public void A_collection_is_its_elements_whatever_class_it_has()
    {
        Assert.Equal(1 + 1 + 2, BytesOf<IReadOnlyList<int>>(new[] { 1, 100 }));
        Assert.Equal(1 + 1 + 2, BytesOf<IReadOnlyList<int>>([1, 100]));
        Assert.Equal(HashOf<IReadOnlyList<int>>(new[] { 1, 100 }), HashOf<IReadOnlyList<int>>(new List<int> { 1, 100 }));
        Assert.NotEqual(HashOf<IReadOnlyList<int>>(new[] { 1, 100 }), HashOf<IReadOnlyList<int>>(new[] { 1, 101 }));
    }

    [Fact]
    public void Nothing_is_not_the_empty_text() => Assert.NotEqual(HashOf<string?>(null), HashOf<string?>(""));

    [Fact]
    public void Texts_blobs_and_collections_have_a_count_and_their_elements()
    {
        Assert.Equal(1 + 5, BytesOf("hello"));
        Assert.Equal(1 + 2, BytesOf("é"));
        Assert.Equal(2 + 200, BytesOf(new byte[200]));
        Assert.Equal(2 + 200, BytesOf<ReadOnlyMemory<byte>>(new byte[200]));
        Assert.Equal(2 + 800, BytesOf(new float[200]));
        Assert.Equal(1 + 8, BytesOf(new double[1]));
        Assert.Equal(1 + 1 + 2, BytesOf(new[] { 1, 100 }));
        Assert.Equal(1 + 1 + 2, BytesOf(new List<long> { 1, 100 }));
        Assert.Equal(1 + (1 + 1) + (1 + 1) + 1, BytesOf(new Dictionary<string, int> { [""] = 1 }));
        Assert.Equal(1, BytesOf<string?>(null));
        Assert.Equal(1, BytesOf<int?>(null));
        Assert.Equal(2, BytesOf<int?>(7));
    }

    [Fact]
    public void An_object_has_a_byte_for_every_member_and_one_for_its_end()
    {
        Assert.Equal((1 + 1) + (1 + 1 + 3) + (1 + 1) + 1, BytesOf(new Leaf(5, "abc", null)));
        Assert.Equal(BytesOf(new Leaf(5, "abc", null)) - 1 + BytesOf(new Leaf(1, "", null)),
            BytesOf(new Leaf(5, "abc", new Leaf(1, "", null))));
        Assert.Equal((1 + 8) + (1 + 8) + 1, BytesOf(new Point { X = 1, Y = 2 }));
        Assert.Equal(1, BytesOf<Leaf?>(null));
    }

    [Fact]
    public void Members_without_a_number_are_not_sent()
    {
        Assert.Equal(BytesOf(new Point { X = 1, Y = 2 }), BytesOf(new Point { X = 1, Y = 2, Cached = 1e300 }));
        Assert.Equal(HashOf(new Point { X = 1, Y = 2 }), HashOf(new Point { X = 1, Y = 2, Cached = 1e300 }));
    }

    [Fact]
    public void An_optional_struct_costs_nothing_when_it_is_absent()
    {
        Assert.Equal(BytesOf(new Before(5)), BytesOf(new After(5, null)));
        Assert.Equal(HashOf(new Before(5)), HashOf(new After(5, null)));
        Assert.Equal(BytesOf(new Before(5)) + 1 + BytesOf(default(Point)), BytesOf(new After(5, default(Point))));
        Assert.NotEqual(HashOf(new After(5, null)), HashOf(new After(5, default(Point))));
        Assert.NotEqual(HashOf(new After(5, new Point { X = 1 })), HashOf(new After(5, default(Point))));
    }

    [Fact]
    public void A_subtype_brings_its_name()
    {
        Assert.Equal(
            BytesOf(new Circle { Radius = 2 }) + "test.circle".Length + 1, BytesOf<Shape>(new Circle { Radius = 2 }));
    }

    [Fact]
    public void The_hash_tells_contents_apart()
    {
        Assert.NotEqual(HashOf(1), HashOf(2));
        Assert.NotEqual(HashOf("ab"), HashOf("ba"));
        Assert.NotEqual(HashOf(new Leaf(1, "a", null)), HashOf(new Leaf(1, "b", null)));
        Assert.NotEqual(HashOf(new[] { 1, 2 }), HashOf(new[] { 2, 1 }));
        var blob = new byte[1000];
        var before = HashOf(blob);
        for (var i = 0; i < blob.Length; i++)
        {
            blob[i] = 1;
            Assert.NotEqual(before, HashOf(blob));
            blob[i] = 0;
        }
        Assert.Equal(before, HashOf(blob));
    }

    [Fact]
    public void Of_a_large_payload_the_ends_and_the_size_are_hashed()
    {
        var blob = new byte[850_000];
        var before = HashOf(blob);
        blob[0] = 1;
        Assert.NotEqual(before, HashOf(blob));
        blob[0] = 0;
        blob[^1] = 1;
        Assert.NotEqual(before, HashOf(blob));
        Assert.NotEqual(before, HashOf(new byte[850_001]));
    }

    [Fact]
    public void A_type_without_numbered_members_is_refused_by_name()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => BytesOf(new Unmarked { Value = 1 }));
        Assert.Contains(nameof(Unmarked), failure.Message);
    }

    [Fact]
    public void An_object_that_contains_itself_is_refused()
    {
        var node = new Node();
        node.Next = node;
        Assert.Throws<InvalidOperationException>(() => BytesOf(node));
    }

    private static long BytesOf<T>(T value) => Measured(value).Bytes;

    private static ulong HashOf<T>(T value) => Measured(value).Hash;

    private static WireMeter Measured<T>(T value)
    {
        var meter = default(WireMeter);
        WireCodec.Measure(ref meter, value);
        return meter;
    }

    [GenerateSerializer]
    internal enum Size
    {
        Small = 1,
        Large = 1000,
    }

    [GenerateSerializer, Immutable]
    internal sealed record Leaf(
        [property: Id(0)] int Number, [property: Id(1)] string Text, [property: Id(2)] Leaf? Next);

    [GenerateSerializer, Immutable]
    internal sealed record Before([property: Id(0)] int Number);

    [GenerateSerializer, Immutable]
    internal sealed record After([property: Id(0)] int Number, [property: Id(1)] Point? Place);

    [GenerateSerializer]
    internal struct Point
    {
        [Id(0)]
        public double X;

        [Id(1)]
        public double Y;

        public double Cached;
    }

    [GenerateSerializer]
    internal class Shape;

    [GenerateSerializer, Alias("test.circle")]
    internal sealed class Circle : Shape
    {
        [Id(0)]
        public double Radius { get; set; }
    }

    [GenerateSerializer]
    internal sealed class Node
    {
        [Id(0)]
        public Node? Next { get; set; }
    }

    internal sealed class Unmarked
    {
        public int Value { get; set; }
    }
}
