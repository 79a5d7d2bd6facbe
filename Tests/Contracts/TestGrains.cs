using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Contracts;

/// <summary>Notes who is inside at what time, so that a test can see what interleaved.</summary>
public interface IVisited : IGrainWithStringKey
{
    /// <summary>Notes "+name", stays, notes "-name".</summary>
    Task Visit(string name, TimeSpan stay);

    [ReadOnly]
    Task Look(string name, TimeSpan stay);

    [AlwaysInterleave]
    Task Pass(string name, TimeSpan stay);

    [AlwaysInterleave]
    Task<string> Notes();
}

public sealed class VisitedGrain(TimeProvider time) : IVisited
{
    private readonly List<string> _notes = [];

    public Task Visit(string name, TimeSpan stay) => Stay(name, stay);

    public Task Look(string name, TimeSpan stay) => Stay(name, stay);

    public Task Pass(string name, TimeSpan stay) => Stay(name, stay);

    public Task<string> Notes() => Task.FromResult(string.Join(" ", _notes));

    private async Task Stay(string name, TimeSpan stay)
    {
        _notes.Add($"+{name}");
        if (stay > TimeSpan.Zero)
        {
            await Task.Delay(stay, time);
        }
        _notes.Add($"-{name}");
    }
}

/// <summary>The same visits to a grain whose requests may interleave.</summary>
public interface IOpenVisited : IGrainWithStringKey
{
    Task Visit(string name, TimeSpan stay);

    Task<string> Notes();
}

[Reentrant]
public sealed class OpenVisitedGrain(TimeProvider time) : IOpenVisited
{
    private readonly List<string> _notes = [];

    public async Task Visit(string name, TimeSpan stay)
    {
        _notes.Add($"+{name}");
        await Task.Delay(stay, time);
        _notes.Add($"-{name}");
    }

    public Task<string> Notes() => Task.FromResult(string.Join(" ", _notes));
}

/// <summary>Counts in ways that lose counts where turns overlap.</summary>
public interface ICounter : IGrainWithStringKey
{
    Task<string> Key();

    /// <summary>Reads, awaits another grain, writes.</summary>
    Task<int> AddSlowly(int amount);

    ValueTask<int> Add(int amount);

    Task<int> Value();
}

public sealed class CounterGrain(GrainKey key, IGrains grains) : ICounter
{
    private int _value;

    public Task<string> Key() => Task.FromResult(key.Value);

    public async Task<int> AddSlowly(int amount)
    {
        var before = _value;
        await grains.Get<IEcho>($"{key.Value}/echo").Say("hold on");
        return _value = before + amount;
    }

    public ValueTask<int> Add(int amount) => new(_value += amount);

    public Task<int> Value() => Task.FromResult(_value);
}

/// <summary>Answers, fails, or does not answer.</summary>
public interface IEcho : IGrainWithStringKey
{
    Task<string> Say(string text);

    Task<Note> Send(Note note);

    Task<Payload> Return(Payload payload);

    Task FailAtOnce(string message);

    Task<int> CountAndFailAtOnce(string message);

    Task<int> FailLater(string message);

    Task BeCancelled();

    /// <summary>Never ends.</summary>
    Task<int> Hang();

    /// <summary>Calls the other grain's <see cref="CallBack"/>, which calls this one: a deadlock.</summary>
    Task<string> CallRound(string other);

    Task<string> CallBack(string first);
}

[GenerateSerializer, Immutable, Alias("test.note")]
public sealed record Note(
    [property: Id(0)] string Text, [property: Id(1)] int[] Numbers, [property: Id(2)] ReadOnlyMemory<byte> Bytes);

public sealed class EchoGrain(GrainKey key, IGrains grains, TimeProvider time) : IEcho
{
    public Task<string> Say(string text) => Task.FromResult(text);

    public Task<Note> Send(Note note) => Task.FromResult(note with { Text = $"{note.Text}!" });

    public Task<Payload> Return(Payload payload) => Task.FromResult(payload);

    public Task FailAtOnce(string message) => throw new InvalidOperationException(message);

    public Task<int> CountAndFailAtOnce(string message) => throw new InvalidOperationException(message);

    public async Task<int> FailLater(string message)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        throw new InvalidOperationException(message);
    }

    public async Task BeCancelled()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        throw new OperationCanceledException();
    }

    public Task<int> Hang() => new TaskCompletionSource<int>().Task;

    public Task<string> CallRound(string other) => grains.Get<IEcho>(other).CallBack(key.Value);

    public Task<string> CallBack(string first) => grains.Get<IEcho>(first).Say("never heard");
}

/// <summary>Plans later turns.</summary>
public interface IPlanner : IGrainWithStringKey
{
    /// <summary>Notes each name after its delay.</summary>
    Task Plan(string[] names, TimeSpan[] delays);

    Task PlanAndCancel(string name, TimeSpan delay);

    /// <summary>A chain of turns: each notes the time and plans the next.</summary>
    Task PlanChain(int length, TimeSpan step);

    /// <summary>A turn that notes, stays, and notes again.</summary>
    Task PlanStay(string name, TimeSpan delay, TimeSpan stay);

    Task PlanFailure(TimeSpan delay);

    /// <summary>A turn that stays and then fails.</summary>
    Task PlanLateFailure(TimeSpan delay, TimeSpan stay);

    /// <summary>Works while a turn falls due, and cancels it.</summary>
    Task WorkAndCancel(string name, TimeSpan stay);

    Task Work(string name, TimeSpan stay);

    [AlwaysInterleave]
    Task<string> Notes();
}

public sealed class PlannerGrain(ITurns turns, TimeProvider time) : IPlanner
{
    private readonly List<string> _notes = [];

    public Task Plan(string[] names, TimeSpan[] delays)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            turns.After(delays[i], () =>
            {
                _notes.Add(name);
                return Task.CompletedTask;
            });
        }
        return Task.CompletedTask;
    }

    public Task PlanAndCancel(string name, TimeSpan delay)
    {
        var turn = turns.After(delay, () =>
        {
            _notes.Add(name);
            return Task.CompletedTask;
        });
        turn.Dispose();
        turn.Dispose();
        return Task.CompletedTask;
    }

    public Task PlanChain(int length, TimeSpan step)
    {
        turns.After(step, () =>
        {
            _notes.Add($"{length}");
            return length > 1 ? PlanChain(length - 1, step) : Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    public Task PlanStay(string name, TimeSpan delay, TimeSpan stay)
    {
        turns.After(delay, () => Work(name, stay));
        return Task.CompletedTask;
    }

    public Task PlanFailure(TimeSpan delay)
    {
        turns.After(delay, () => throw new InvalidOperationException("planned"));
        return Task.CompletedTask;
    }

    public Task PlanLateFailure(TimeSpan delay, TimeSpan stay)
    {
        turns.After(delay, async () =>
        {
            await Task.Delay(stay, time);
            throw new InvalidOperationException("planned, late");
        });
        return Task.CompletedTask;
    }

    public async Task WorkAndCancel(string name, TimeSpan stay)
    {
        using var turn = turns.After(TimeSpan.Zero, () => Task.FromException(new InvalidOperationException("cancelled")));
        await Work(name, stay);
    }

    public async Task Work(string name, TimeSpan stay)
    {
        _notes.Add($"+{name}");
        await Task.Delay(stay, time);
        _notes.Add($"-{name}");
    }

    public Task<string> Notes() => Task.FromResult(string.Join(" ", _notes));
}

/// <summary>Computes outside its turn.</summary>
public interface ISummer : IGrainWithStringKey
{
    Task<long> Sum(int count, double floatingPointOperations);

    Task<long> Fail(string message);
}

public sealed class SummerGrain(IComputePool compute) : ISummer
{
    private long _last;

    public async Task<long> Sum(int count, double floatingPointOperations)
    {
        _last = await compute.Run(() => Enumerable.Range(1, count).Sum(i => (long)i), floatingPointOperations);
        return _last;
    }

    public Task<long> Fail(string message) =>
        compute.Run<long>(() => throw new InvalidOperationException(message), 1);
}

/// <summary>Keeps a list.</summary>
public interface IKeeper : IGrainWithStringKey
{
    Task<int> Add(string item);

    /// <summary>Changes the state in memory and does not write it.</summary>
    Task Scribble(string item);

    /// <summary>Forgets what is in memory and reads the store.</summary>
    Task<string> Reload();

    Task Clear();

    Task<bool> Exists();

    Task<string?> Etag();

    Task<string> Items();
}

[GenerateSerializer, Alias("test.kept")]
public sealed class Kept
{
    [Id(0)]
    public List<string> Items { get; set; } = [];

    [Id(1)]
    public Dictionary<string, int> Counts { get; set; } = [];
}

public sealed class KeeperGrain([PersistentState("kept", "store")] IPersistentState<Kept> state) : IKeeper
{
    public async Task<int> Add(string item)
    {
        Change(item);
        await state.WriteStateAsync();
        return state.State.Items.Count;
    }

    public Task Scribble(string item)
    {
        Change(item);
        return Task.CompletedTask;
    }

    public async Task<string> Reload()
    {
        await state.ReadStateAsync();
        return await Items();
    }

    public Task Clear() => state.ClearStateAsync();

    public Task<bool> Exists() => Task.FromResult(state.RecordExists);

    public Task<string?> Etag() => Task.FromResult(state.Etag);

    public Task<string> Items() => Task.FromResult(string.Join(" ", state.State.Items));

    private void Change(string item)
    {
        state.State.Items.Add(item);
        state.State.Counts[item] = state.State.Counts.GetValueOrDefault(item) + 1;
    }
}
