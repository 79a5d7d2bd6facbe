using System.Globalization;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Tracing;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Storage;

/// <summary>
/// The state facet of an activation. Operations take their virtual time; a write that has left the grain is done even
/// when the grain's node crashes before it knows.
/// </summary>
internal sealed class VirtualState<T> : IPersistentState<T>
{
    private readonly VirtualStores _stores;
    private readonly StoredState _record;
    private readonly Activation _owner;
    private long _version;

    public VirtualState(VirtualStores stores, StoredState record, Activation owner)
    {
        _stores = stores;
        _record = record;
        _owner = owner;
        State = Activator.CreateInstance<T>();
        Load();
    }

    public T State { get; set; }

    public string? Etag => RecordExists ? _version.ToString(CultureInfo.InvariantCulture) : null;

    public bool RecordExists { get; private set; }

    public Task ReadStateAsync() => Perform("read", Measured(_record.Value), Take);

    public Task WriteStateAsync()
    {
        var value = StateCopy.Of(State);
        return Perform("write", Measured(value), () => Put(true, value));
    }

    public Task ClearStateAsync() => Perform("clear", default, () =>
    {
        Put(false, null);
        State = Activator.CreateInstance<T>();
    });

    /// <summary>The first read: the activation opens when it is done.</summary>
    private void Load()
    {
        var read = Perform("read", Measured(_record.Value), Take);
        if (read.IsCompleted)
        {
            read.GetAwaiter().GetResult();
            return;
        }
        _owner.BeginLoading();
        read.GetAwaiter().UnsafeOnCompleted(() => _owner.EndLoading(read.Exception?.InnerException));
    }

    private void Take()
    {
        RecordExists = _record.Exists;
        _version = _record.Version;
        State = _record.Exists ? StateCopy.Of((T)_record.Value!) : Activator.CreateInstance<T>();
    }

    private void Put(bool exists, object? value)
    {
        if (_record.Version != _version)
        {
            throw new StorageFaultException(
                $"{_record.Name} was written by another activation: version {_record.Version}, expected {_version}.");
        }
        _record.Exists = exists;
        _record.Value = value;
        _version = ++_record.Version;
        RecordExists = exists;
    }

    private Task Perform(string operation, WireMeter size, Action effect)
    {
        var fault = _stores.Fault(_record, operation);
        var duration = _stores.Duration(_record, size.Bytes);
        if (duration == 0)
        {
            return Attempt(operation, size, fault, effect) is { } failure
                ? Task.FromException(failure)
                : Task.CompletedTask;
        }
        var completion = AsyncTaskMethodBuilder.Create();
        var task = completion.Task;
        var loop = _stores.Loop;
        loop.Queue.Schedule(
            new ActionEvent(() => Complete(completion, Attempt(operation, size, fault, effect))),
            VirtualTime.After(loop.Queue.Now, duration));
        return task;
    }

    private void Complete(AsyncTaskMethodBuilder completion, Exception? failure)
    {
        if (_owner.IsDead)
        {
            return;
        }
        _stores.Loop.EnterNone(_owner);
        if (failure is null)
        {
            completion.SetResult();
        }
        else
        {
            completion.SetException(failure);
        }
    }

    private Exception? Attempt(string operation, WireMeter size, StorageFaultException? fault, Action effect)
    {
        var loop = _stores.Loop;
        var (trace, now) = (loop.Trace, loop.Queue.Now);
        trace.Add(TraceEventKind.Storage, now, _owner.Identity, StableHash.Of(operation), 0, size.Bytes, size.Hash);
        trace.Show(TraceEventKind.Storage, now, _owner, _record.Name, operation, loop.Queue.Scheduled, size.Bytes);
        if (fault is not null)
        {
            return fault;
        }
        var (version, exists) = (_version, RecordExists);
        try
        {
            effect();
            if (!_stores.LosesAnswer(_record, operation))
            {
                return null;
            }
            (_version, RecordExists) = (version, exists);
            return new StorageFaultException($"The answer to the {operation} of {_record.Name} was lost.");
        }
        catch (StorageFaultException exception)
        {
            return exception;
        }
    }

    private static WireMeter Measured(object? value)
    {
        var meter = default(WireMeter);
        if (value is T state)
        {
            WireCodec.Measure(ref meter, state);
        }
        return meter;
    }
}
