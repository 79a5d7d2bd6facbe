using OrleansEdge.Core;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Hosting;

public sealed class MessageSizeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void A_push_is_as_large_as_its_payload(int bytes)
    {
        var push = new PushRequest(1, 2, 3, new Payload(PayloadFormat.Sparse, 10, new byte[bytes]));
        Assert.InRange(MessageSize.Estimate(push), bytes, bytes + 100);
    }

    [Fact]
    public void The_payloads_of_a_checkpoint_add_up()
    {
        var shards =
            Enumerable.Range(0, 3).Select(_ => new Payload(PayloadFormat.ShardState, 1, new byte[1000])).ToArray();
        Assert.InRange(MessageSize.Estimate(new JobCheckpoint(0, 0, shards, new int[100], [])), 3800, 4000);
    }

    [Fact]
    public void A_message_above_the_limit_is_refused_in_one_line()
    {
        var failure = Assert.Throws<OrleansEdgeException>(() =>
            MessageSize.Require(MessageSize.MaxBytes + 1, "oe.parameter-shard", "Push", "request"));
        Assert.Equal(
            "the request of oe.parameter-shard.Push has 8388609 bytes; at most 8388608 are sent in one message", failure.Message);
        MessageSize.Require(MessageSize.MaxBytes, "oe.parameter-shard", "Push", "request");
    }
}
