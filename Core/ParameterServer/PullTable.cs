namespace OrleansEdge.Core.ParameterServer;

/// <summary>
/// Which pulls of which worker may still be pushed against. A worker usually has one; it has several when replies
/// were lost and it asked again, or when it pulls ahead. A push against a pull ends all earlier pulls of that
/// worker; a new pull ends those that were pushed against. Beyond <see cref="PullsPerWorker"/> the oldest ends.
/// </summary>
internal sealed class PullTable(int workers)
{
    /// <summary>Pulls of one worker that are remembered.</summary>
    public const int PullsPerWorker = 4;

    private readonly Entry[] _pulls = new Entry[workers * PullsPerWorker];
    private readonly byte[] _counts = new byte[workers];

    private struct Entry
    {
        public long Clock;
        public bool Used;
    }

    /// <summary>Registers a pull and tells <paramref name="rule"/> what it ends and begins.</summary>
    public void Pull(int worker, long clock, UpdateRules.IUpdateRule rule)
    {
        var pulls = _pulls.AsSpan(worker * PullsPerWorker, PullsPerWorker);
        var count = 0;
        for (var i = 0; i < _counts[worker]; i++)
        {
            if (pulls[i].Used && pulls[i].Clock != clock)
            {
                rule.PullEnded(pulls[i].Clock);
            }
            else
            {
                pulls[count++] = pulls[i];
            }
        }
        if (count > 0 && pulls[count - 1].Clock == clock)
        {
            _counts[worker] = (byte)count;
            return;
        }
        if (count == PullsPerWorker)
        {
            rule.PullEnded(pulls[0].Clock);
            pulls[1..].CopyTo(pulls);
            count--;
        }
        pulls[count++] = new Entry { Clock = clock };
        _counts[worker] = (byte)count;
        rule.PullBegan(clock);
    }

    public bool Contains(int worker, long clock) => Find(worker, clock) >= 0;

    /// <summary>Notes a push against the pull at <paramref name="clock"/>, which must be there.</summary>
    public void Push(int worker, long clock, UpdateRules.IUpdateRule rule)
    {
        var pulls = _pulls.AsSpan(worker * PullsPerWorker, _counts[worker]);
        var used = Find(worker, clock);
        for (var i = 0; i < used; i++)
        {
            rule.PullEnded(pulls[i].Clock);
        }
        pulls[used..].CopyTo(pulls);
        pulls[0].Used = true;
        _counts[worker] -= (byte)used;
    }

    private int Find(int worker, long clock)
    {
        for (var i = 0; i < _counts[worker]; i++)
        {
            if (_pulls[(worker * PullsPerWorker) + i].Clock == clock)
            {
                return i;
            }
        }
        return -1;
    }
}
