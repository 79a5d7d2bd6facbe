using System.Runtime.CompilerServices;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>A call without a result.</summary>
internal abstract class VoidCall : Call
{
    // A builder makes a task that is completed from outside without the second object of a TaskCompletionSource.
    private AsyncTaskMethodBuilder _completion = AsyncTaskMethodBuilder.Create();
    private Task? _running;

    /// <summary>Calls the method on the grain.</summary>
    public abstract Task Invoke(object grain);

    public Task Send(GrainProxy proxy)
    {
        var task = _completion.Task;
        proxy.Center.Send(this, proxy.Entry);
        return task;
    }

    public ValueTask SendValue(GrainProxy proxy) => new(Send(proxy));

    public sealed override void Start(object grain)
    {
        try
        {
            _running = Invoke(grain) ?? throw TaskResults.Null(this);
        }
        catch (Exception exception)
        {
            Failure = exception;
            Replied();
            return;
        }
        if (_running.IsCompleted)
        {
            Complete();
        }
        else
        {
            _running.GetAwaiter().UnsafeOnCompleted(Complete);
        }
    }

    public sealed override void MeasureResult(ref WireMeter meter)
    {
    }

    public sealed override void Settle(Exception? failure)
    {
        if (failure is not null)
        {
            _completion.SetException(failure);
        }
        else
        {
            _completion.SetResult();
        }
    }

    private void Complete()
    {
        Failure = TaskResults.FailureOf(_running!);
        _running = null;
        Replied();
    }
}

/// <summary>A call with a result.</summary>
internal abstract class ResultCall<T> : Call
{
    private AsyncTaskMethodBuilder<T> _completion = AsyncTaskMethodBuilder<T>.Create();
    private Task<T>? _running;
    private T? _result;

    /// <summary>Calls the method on the grain.</summary>
    public abstract Task<T> Invoke(object grain);

    public Task<T> Send(GrainProxy proxy)
    {
        var task = _completion.Task;
        proxy.Center.Send(this, proxy.Entry);
        return task;
    }

    public ValueTask<T> SendValue(GrainProxy proxy) => new(Send(proxy));

    public sealed override void Start(object grain)
    {
        try
        {
            _running = Invoke(grain) ?? throw TaskResults.Null(this);
        }
        catch (Exception exception)
        {
            Failure = exception;
            Replied();
            return;
        }
        if (_running.IsCompleted)
        {
            Complete();
        }
        else
        {
            _running.GetAwaiter().UnsafeOnCompleted(Complete);
        }
    }

    public sealed override void MeasureResult(ref WireMeter meter) => WireCodec.Measure(ref meter, _result!);

    public sealed override void Settle(Exception? failure)
    {
        if (failure is not null)
        {
            _completion.SetException(failure);
        }
        else
        {
            _completion.SetResult(_result!);
        }
    }

    private void Complete()
    {
        var running = _running!;
        _running = null;
        if (running.IsCompletedSuccessfully)
        {
            _result = running.Result;
        }
        else
        {
            Failure = TaskResults.FailureOf(running);
        }
        Replied();
    }
}

internal static class TaskResults
{
    /// <summary>What a completed task threw, or null.</summary>
    public static Exception? FailureOf(Task task) =>
        task.IsCompletedSuccessfully ? null : task.Exception?.InnerException ?? new TaskCanceledException(task);

    public static InvalidOperationException Null(Call call) =>
        new($"{call.Description} of {call.Entry} returned null instead of a task.");
}
