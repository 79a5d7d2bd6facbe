namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>A path of one origin-destination pair: a stretch of the store's links, and its flow.</summary>
internal struct PathRecord
{
    public int Start;
    public int Length;
    public ulong Hash;
    public double Flow;
    public double Cost;
}

/// <summary>
/// The active paths of all origin-destination pairs; their links lie one after the other in one array.
/// </summary>
internal sealed class PathStore(int pairCount)
{
    private readonly PathRecord[][] _paths = [.. Enumerable.Repeat<PathRecord[]>([], pairCount)];
    private readonly int[] _counts = new int[pairCount];
    private int[] _links = new int[1024];
    private int _used;
    private long _live;

    /// <summary>Paths of all pairs.</summary>
    public int Count => _counts.Sum();

    public Span<PathRecord> Paths(int pair) => _paths[pair].AsSpan(0, _counts[pair]);

    /// <summary>The links of a path, last first.</summary>
    public ReadOnlySpan<int> Links(in PathRecord path) => _links.AsSpan(path.Start, path.Length);

    /// <summary>Adds a path without flow unless the pair has it.</summary>
    public bool TryAdd(int pair, ReadOnlySpan<int> links)
    {
        var hash = ProfileHash.Of(links);
        foreach (ref var path in Paths(pair))
        {
            if (path.Hash == hash && Links(path).SequenceEqual(links))
            {
                return false;
            }
        }
        if (_used + links.Length > _links.Length)
        {
            Array.Resize(ref _links, Math.Max(_links.Length * 2, _used + links.Length));
        }
        links.CopyTo(_links.AsSpan(_used));
        var count = _counts[pair]++;
        if (count == _paths[pair].Length)
        {
            Array.Resize(ref _paths[pair], Math.Max(2, count * 2));
        }
        _paths[pair][count] = new PathRecord { Start = _used, Length = links.Length, Hash = hash };
        _used += links.Length;
        _live += links.Length;
        return true;
    }

    /// <summary>Forgets a path; another takes its place.</summary>
    public void RemoveAt(int pair, int index)
    {
        _live -= _paths[pair][index].Length;
        _paths[pair][index] = _paths[pair][--_counts[pair]];
    }

    /// <summary>Closes the gaps of removed paths once they take half of the links.</summary>
    public void Compact()
    {
        if (_used < 2 * _live + 1024)
        {
            return;
        }
        var links = new int[Math.Max(1024, _live + (_live / 2))];
        var used = 0;
        for (var pair = 0; pair < _paths.Length; pair++)
        {
            foreach (ref var path in Paths(pair))
            {
                Links(path).CopyTo(links.AsSpan(used));
                path.Start = used;
                used += path.Length;
            }
        }
        (_links, _used) = (links, used);
    }
}
