namespace OrleansEdge.Grains.Training;

/// <summary>Writes a stored state, one write after the other.</summary>
internal sealed class StateKeeper<T>(IPersistentState<T> stored)
{
    private Task _last = Task.CompletedTask;

    /// <summary>The last write failed; it may have been done all the same.</summary>
    public bool IsUnsaved { get; private set; }

    /// <summary>Stores what <paramref name="describe"/> tells when its turn has come.</summary>
    public Task Save(Func<T> describe) => _last = SaveAfter(_last, describe);

    private async Task SaveAfter(Task before, Func<T> describe)
    {
        await Task.WhenAny(before); // whatever became of it
        try
        {
            if (IsUnsaved)
            {
                await stored.ReadStateAsync(); // for the version: the write that failed may have been done
            }
            stored.State = describe();
            await stored.WriteStateAsync();
            IsUnsaved = false;
        }
        catch (Exception)
        {
            IsUnsaved = true;
            throw;
        }
    }
}
