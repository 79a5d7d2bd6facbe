using System.Numerics;

namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>
/// Counts, for some parameters, the updates that touched each of them since any outstanding pull: sigma_k of the
/// AdaComp paper's equation 3, in constant time and exactly.
/// </summary>
/// <remarks>
/// Time is cut into windows of 16 updates. Each parameter has one word: the upper half counts its touches modulo
/// 2^16, bit u of the lower half tells that update u of the present window touched it. When a window ends while a
/// pull from inside it is outstanding, its words are kept. The touches since that pull are then the difference of
/// the upper halves, plus the bits at and after the pull in the kept word. A kept window is dropped with the last
/// of its pulls, and after <see cref="MaxStaleness"/> updates in any case, before the difference modulo 2^16 can be
/// ambiguous. At most min(outstanding pulls, MaxStaleness / 16) windows of 4 bytes per parameter are kept.
/// </remarks>
internal sealed class TouchHistory
{
    /// <summary>Updates of a window: the bits of half a word.</summary>
    public const int WindowLength = 16;

    /// <summary>Pulls older than this are forgotten.</summary>
    public const int MaxStaleness = 65_000;

    private const int WindowsKept = (MaxStaleness / WindowLength) + 2;

    private readonly Memory<uint> _words;
    private readonly int _phase;
    private readonly Dictionary<long, Kept> _kept = [];
    private readonly Stack<uint[]> _free = [];
    private int _openPulls;
    private long _window;

    /// <param name="words">One word per parameter, all zero.</param>
    /// <param name="phase">Windows end when (clock + phase) is a multiple of 16.</param>
    /// <param name="clock">The present clock.</param>
    public TouchHistory(Memory<uint> words, int phase, long clock)
    {
        _words = words;
        _phase = phase;
        _window = WindowOf(clock);
    }

    private readonly record struct Kept(uint[] Words, int Pulls);

    /// <summary>Windows kept for outstanding pulls.</summary>
    public int KeptWindows => _kept.Count;

    /// <summary>Bytes of the words in use and in reserve.</summary>
    public long MemoryBytes => (long)sizeof(uint) * _words.Length * (1 + _kept.Count + _free.Count);

    /// <summary>The present words.</summary>
    public Span<uint> Words => _words.Span;

    /// <summary>What a touch by the update at <paramref name="clock"/> adds to a word.</summary>
    public uint Touch(long clock) => 0x10000u + (1u << OffsetOf(clock));

    /// <summary>
    /// The words kept for the window of the pull at <paramref name="clock"/>; empty when that is the present window.
    /// <paramref name="since"/> masks the bits at and after the pull.
    /// </summary>
    public ReadOnlySpan<uint> WordsAt(long clock, out uint since)
    {
        since = (0xFFFFu << OffsetOf(clock)) & 0xFFFFu;
        var window = WindowOf(clock);
        return window == _window ? [] : _kept[window].Words;
    }

    /// <summary>sigma_k from the parameter's present word and the kept one.</summary>
    public static int Staleness(uint present, uint kept, uint since) =>
        ((int)((present >> 16) - (kept >> 16)) & 0xFFFF) + BitOperations.PopCount(kept & since);

    /// <summary>sigma_k from the parameter's present word, for a pull in the present window.</summary>
    public static int Staleness(uint present, uint since) => BitOperations.PopCount(present & since);

    public void PullBegan() => _openPulls++;

    public void PullEnded(long clock)
    {
        var window = WindowOf(clock);
        if (window == _window)
        {
            _openPulls--;
        }
        else if (_kept.TryGetValue(window, out var kept))
        {
            Keep(window, kept with { Pulls = kept.Pulls - 1 });
        }
    }

    /// <summary>To be called after each update with the new clock; ends the window when its time has come.</summary>
    public void Advance(long clock)
    {
        if (WindowOf(clock) == _window)
        {
            return;
        }
        if (_openPulls > 0)
        {
            var words = _free.TryPop(out var reused) ? reused : GC.AllocateUninitializedArray<uint>(_words.Length);
            _words.Span.CopyTo(words);
            _kept.Add(_window, new Kept(words, _openPulls));
        }
        ClearTouches(_words.Span);
        _openPulls = 0;
        _window = WindowOf(clock);
        if (_kept.TryGetValue(_window - WindowsKept, out var expired))
        {
            Keep(_window - WindowsKept, expired with { Pulls = 0 });
        }
    }

    private static void ClearTouches(Span<uint> words)
    {
        var mask = new Vector<uint>(0xFFFF0000u);
        var i = 0;
        for (; i <= words.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            (new Vector<uint>(words[i..]) & mask).CopyTo(words[i..]);
        }
        for (; i < words.Length; i++)
        {
            words[i] &= 0xFFFF0000u;
        }
    }

    private void Keep(long window, Kept kept)
    {
        if (kept.Pulls > 0)
        {
            _kept[window] = kept;
            return;
        }
        _kept.Remove(window);
        _free.Push(kept.Words);
    }

    private long WindowOf(long clock) => (clock + _phase) / WindowLength;

    private int OffsetOf(long clock) => (int)((clock + _phase) % WindowLength);
}
