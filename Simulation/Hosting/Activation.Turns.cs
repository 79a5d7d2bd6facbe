using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Tracing;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>
/// Later turns, which wait in line like any request, as Orleans' grain timers do that do not interleave.
/// </summary>
internal sealed partial class Activation : ITurns
{
    IDisposable ITurns.After(TimeSpan delay, Func<Task> callback)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(callback);
        var turn = new LaterTurn(this, callback);
        if (!IsDead)
        {
            _turnsAhead++;
            Loop.Queue.Schedule(turn, VirtualTime.After(Loop.Queue.Now, VirtualTime.FromTimeSpan(delay)));
        }
        return turn;
    }

    private void OnDue(LaterTurn turn)
    {
        if (IsDead)
        {
            return;
        }
        _turnsAhead--;
        Loop.Trace.Add(TraceEventKind.Timer, turn.Time, Identity, Identity, 0, turn.Sequence, 0);
        if (Loop.Trace.HasSink)
        {
            Loop.Trace.Show(TraceEventKind.Timer, turn.Time, this, this, "", turn.Sequence, 0);
        }
        Accept(turn);
    }

    private void OnFailed(Exception exception) =>
        _services.Failures.Add(new FailedTurn(VirtualTime.ToTimeSpan(Loop.Queue.Now), $"{Entry}", exception));

    private sealed class LaterTurn(Activation owner, Func<Task> callback) : Request, IDisposable
    {
        private Task? _task;
        private bool _isDue;

        public override bool AlwaysInterleave => false;

        public override bool ReadOnly => false;

        public override string Description => "a later turn";

        public override void Fire()
        {
            _isDue = true;
            owner.OnDue(this);
        }

        public void Dispose()
        {
            if (!_isDue && !Cancelled)
            {
                owner._turnsAhead--;
            }
            Cancelled = true;
        }

        public override void Start(object grain)
        {
            if (Cancelled)
            {
                owner.Finished(this);
                return;
            }
            try
            {
                _task =
                    callback() ?? throw new InvalidOperationException("A later turn returned null instead of a task.");
            }
            catch (Exception exception)
            {
                owner.Finished(this);
                owner.OnFailed(exception);
                return;
            }
            if (_task.IsCompleted)
            {
                Complete();
            }
            else
            {
                _task.GetAwaiter().UnsafeOnCompleted(Complete);
            }
        }

        public override void Refuse(Activation activation, Exception failure) => activation.OnFailed(failure);

        private void Complete()
        {
            owner.Finished(this);
            if (TaskResults.FailureOf(_task!) is { } failure)
            {
                owner.OnFailed(failure);
            }
        }
    }
}
