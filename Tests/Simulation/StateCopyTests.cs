using Orleans;
using OrleansEdge.Simulation.Storage;
using OrleansEdge.Tests.Contracts;

namespace OrleansEdge.Tests.Simulation;

public sealed class StateCopyTests
{
    [Fact]
    public void A_copy_shares_nothing_that_can_change()
    {
        var state = new Everything
        {
            Numbers = [1, 2, 3],
            Bytes = new byte[] { 1, 2, 3 },
            Nested = [[1], [2, 3]],
            Lines = new Queue<string>(["a", "b"]),
            Stacked = new Stack<int>([1, 2, 3]),
            Kept = new Dictionary<string, Kept>(StringComparer.OrdinalIgnoreCase) { ["x"] = new Kept { Items = ["i"] } },
            Pair = (1, [5]),
            Scratch = "not stored",
        };
        var copy = StateCopy.Of(state);
        state.Numbers[0] = 9;
        state.Nested[1][0] = 9;
        state.Lines.Dequeue();
        state.Stacked.Pop();
        state.Kept["x"].Items.Add("j");
        state.Pair.Values[0] = 9;
        Assert.Equal([1, 2, 3], copy.Numbers);
        Assert.Equal([2, 3], copy.Nested[1]);
        Assert.Equal(["a", "b"], copy.Lines);
        Assert.Equal([3, 2, 1], copy.Stacked);
        Assert.Equal(["i"], copy.Kept["X"].Items);
        Assert.Equal([5], copy.Pair.Values);
        Assert.Null(copy.Scratch);
    }

    [Fact]
    public void Bytes_are_copied_and_immutable_messages_are_shared()
    {
        var bytes = new byte[] { 1 };
        var state = new Everything { Bytes = bytes, Note = new Note("n", [1], bytes) };
        var copy = StateCopy.Of(state);
        bytes[0] = 2;
        Assert.Equal(1, copy.Bytes.Span[0]);
        Assert.Same(state.Note, copy.Note);
    }

    [Fact]
    public void What_an_array_or_a_property_of_its_own_holds_is_copied()
    {
        var (array, own) = (new[] { new Kept { Items = ["a"] } }, new Own { Values = [1] });
        var (copyOfArray, copyOfOwn) = (StateCopy.Of(array), StateCopy.Of(own));
        array[0].Items.Add("b");
        own.Values.Add(2);
        Assert.Equal(["a"], copyOfArray[0].Items);
        Assert.Equal([1], copyOfOwn.Values);
    }

    [Fact]
    public void Members_without_a_setter_are_copied()
    {
        var copy = StateCopy.Of(new Sealed(7, "seven"));
        Assert.Equal((7, "seven"), (copy.Number, copy.Text));
    }

    [Fact]
    public void A_state_without_numbered_members_is_refused_by_name()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => StateCopy.Of(new Unmarked()));
        Assert.Contains(nameof(Unmarked), failure.Message);
    }

    [GenerateSerializer]
    internal sealed class Everything
    {
        [Id(0)]
        public int[] Numbers { get; set; } = [];

        [Id(1)]
        public ReadOnlyMemory<byte> Bytes { get; set; }

        [Id(2)]
        public List<List<int>> Nested { get; set; } = [];

        [Id(3)]
        public Queue<string> Lines { get; set; } = [];

        [Id(4)]
        public Stack<int> Stacked { get; set; } = [];

        [Id(5)]
        public Dictionary<string, Kept> Kept { get; set; } = [];

        [Id(6)]
        public (int Number, int[] Values) Pair { get; set; }

        [Id(7)]
        public Note? Note { get; set; }

        public string? Scratch { get; set; }
    }

    [GenerateSerializer]
    internal sealed class Sealed(int number, string text)
    {
        [Id(0)]
        public int Number { get; } = number;

        [Id(1)]
        public string Text { get; } = text;
    }

    internal sealed class Unmarked
    {
        public int Value { get; set; }
    }
}

/// <summary>A property that keeps its value in a field of another name.</summary>
[GenerateSerializer]
public sealed class Own
{
    private List<int> _kept = [];

    [Id(0)]
    public List<int> Values
    {
        get => _kept;
        set => _kept = value;
    }
}
