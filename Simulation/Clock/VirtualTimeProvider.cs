using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Clock;

/// <summary>
/// The virtual clock as a <see cref="TimeProvider"/>. Its timers fire as events of the virtual time, so that
/// <c>Task.Delay(delay, provider)</c> and <c>CancellationTokenSource(delay, provider)</c> work in clients of the
/// cluster.
/// </summary>
internal sealed class VirtualTimeProvider(EventLoop loop, DateTimeOffset start) : TimeProvider
{
    public override long TimestampFrequency => VirtualTime.NanosecondsPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => loop.Queue.Now;

    public override DateTimeOffset GetUtcNow() =>
        start.ToUniversalTime() + VirtualTime.ToTimeSpan(loop.Queue.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(EventLoop loop, TimerCallback callback, object? state) : ITimer
    {
        private Tick? _tick;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }
            Cancel();
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
                Schedule(dueTime);
            }
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan delay)
        {
            _tick = new Tick(this);
            loop.Queue.Schedule(_tick, VirtualTime.After(loop.Queue.Now, VirtualTime.FromTimeSpan(delay)));
        }

        private void Cancel()
        {
            if (_tick is { } tick)
            {
                tick.Cancelled = true;
                _tick = null;
            }
        }

        private void OnTick()
        {
            var sequence = _tick!.Sequence;
            _tick = null;
            loop.Trace.Add(TraceEventKind.Timer, loop.Queue.Now, 0, 0, 0, sequence, 0);
            loop.Trace.Show(TraceEventKind.Timer, loop.Queue.Now, "the clock", "the clock", "", sequence, 0);
            if (_period > TimeSpan.Zero)
            {
                Schedule(_period);
            }
            loop.EnterNone(loop.Client);
            callback(state);
        }

        private sealed class Tick(VirtualTimer timer) : ScheduledEvent
        {
            public override void Fire() => timer.OnTick();
        }
    }
}
