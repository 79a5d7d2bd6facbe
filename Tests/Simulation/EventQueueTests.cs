using OrleansEdge.Core;
using OrleansEdge.Simulation.Clock;

namespace OrleansEdge.Tests.Simulation;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_come_out_by_time_and_then_in_the_order_of_their_scheduling()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            CompareWithSortedList(new RandomStream(seed, "events"));
        }
    }

    [Fact]
    public void A_cancelled_event_neither_happens_nor_moves_the_clock()
    {
        var queue = new EventQueue();
        var (early, late) = (new Numbered(1), new Numbered(2));
        queue.Schedule(early, 10);
        queue.Schedule(late, 20);
        early.Cancelled = true;
        Assert.Equal(20, queue.NextTime());
        Assert.Same(late, queue.Take());
        Assert.Equal(20, queue.Now);
        Assert.Equal(VirtualTime.Never, queue.NextTime());
    }

    [Fact]
    public void An_event_of_the_past_happens_now()
    {
        var queue = new EventQueue();
        queue.AdvanceTo(100);
        queue.Schedule(new Numbered(1), 5);
        Assert.Equal(100, queue.NextTime());
        Assert.Equal(100, queue.Take().Time);
    }

    [Fact]
    public void Cancelled_events_do_not_pile_up()
    {
        var queue = new EventQueue();
        for (var i = 0; i < 100_000; i++)
        {
            queue.Schedule(new Numbered(i) { Cancelled = i % 100 != 0 }, 1_000_000 - i);
        }
        Assert.InRange(queue.Count, 1000, 4096);
    }

    private static void CompareWithSortedList(RandomStream random)
    {
        var queue = new EventQueue();
        var expected = new List<(long Time, int Number, Numbered Item)>();
        for (var number = 0; number < 1000; number++)
        {
            if (random.NextInt(5) < 3)
            {
                var item = new Numbered(number);
                var time = queue.Now + random.NextInt(4) * random.NextInt(50);
                queue.Schedule(item, time);
                expected.Add((time, number, item));
            }
            else if (expected.Count > 0 && random.NextInt(10) == 0)
            {
                var victim = random.NextInt(expected.Count);
                expected[victim].Item.Cancelled = true;
                expected.RemoveAt(victim);
            }
            else if (expected.Count > 0)
            {
                var first = expected.MinBy(entry => (entry.Time, entry.Number));
                expected.Remove(first);
                Assert.Equal(first.Time, queue.NextTime());
                Assert.Same(first.Item, queue.Take());
                Assert.Equal(first.Time, queue.Now);
            }
        }
    }

    private sealed class Numbered(int number) : ScheduledEvent
    {
        public override void Fire() => throw new InvalidOperationException($"{number} is not meant to happen");
    }
}
