using OrleansEdge.Core.Offloading.Computation;
using OrleansEdge.Grains.Interfaces.Offloading;
using OrleansEdge.Grains.Offloading;

namespace OrleansEdge.Tests.Offloading;

/// <summary>
/// Sees every change of a game of single players and checks at each of them that nobody is on two sites, that nobody
/// is counted where it is not, and that the potential falls with every move that is no eviction.
/// </summary>
internal sealed class OffloadingWitness : IOffloadingObserver
{
    private readonly SiteChannels _sites;
    private readonly InterferenceState _state;
    private readonly Dictionary<int, (long Sequence, int Choice)>[] _ledgers;
    private readonly HashSet<int> _closed = [];
    private readonly List<string> _violations = [];

    public OffloadingWitness(OffloadingJob job)
    {
        _sites = new SiteChannels(job.Cell.Channels, job.Sites);
        _state = new InterferenceState(OffloadingGame.Draw(job.Cell.ToOptions(), job.Seed).Interference);
        _ledgers = [.. Enumerable.Range(0, job.Sites).Select(_ => new Dictionary<int, (long, int)>())];
    }

    public ReadOnlySpan<int> Choices => _state.Choices;

    public void Chose(int firstUser, ReadOnlySpan<int> choices)
    {
        var (user, choice) = (firstUser, choices[0]);
        var before = _state.Choices[user];
        if (choice == before)
        {
            return;
        }
        var potential = _state.Potential;
        _state.Move(user, choice);
        if (before == InterferenceGame.Local || !_closed.Contains(SiteOf(before)))
        {
            Require(_state.Potential < potential, $"user {user}: no fall of the potential from {before} to {choice}");
        }
        RequireOnePlace(user);
    }

    public void Opened(int site, SiteOpening opening)
    {
        _ledgers[site].Clear();
        _closed.Remove(site);
        foreach (var holding in opening.Holdings)
        {
            Held(site, holding);
            Require(
                _state.Choices[holding.Member] == _ledgers[site][holding.Member].Choice,
                $"user {holding.Member} is counted where it is not");
        }
    }

    public void Held(int site, Holding holding)
    {
        if (_closed.Contains(site))
        {
            return; // nobody is told what it counts before it has been opened anew
        }
        Require(holding.Channels.Length <= 1, $"user {holding.Member} is on two channels");
        _ledgers[site].Remove(holding.Member);
        if (holding.Channels is [var channel])
        {
            Require(_state.Game.Powers[holding.Member] == holding.Powers[0], $"user {holding.Member}: wrong power");
            _ledgers[site][holding.Member] = (holding.Sequence, _sites.Of(site).Start + channel + 1);
        }
        RequireOnePlace(holding.Member);
    }

    public void Closed(int site)
    {
        _closed.Add(site);
        _ledgers[site].Clear();
    }

    /// <summary>Nothing was ever wrong, and open sites count exactly those who say that they are there.</summary>
    public void AssertAllCounted()
    {
        Assert.Empty(_violations);
        for (var user = 0; user < _state.Game.Users; user++)
        {
            int[] counted = [.. Places(user)];
            Assert.Equal(_state.Choices[user] == InterferenceGame.Local ? [] : [_state.Choices[user]], counted);
        }
    }

    private void RequireOnePlace(int user) => Require(Places(user).Count() <= 1, $"user {user} is on two sites");

    /// <summary>A grain would take an exception for a failed call and make it again: the end tells.</summary>
    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            _violations.Add(otherwise);
        }
    }

    private IEnumerable<int> Places(int user) =>
        _ledgers.Where(ledger => ledger.ContainsKey(user)).Select(ledger => ledger[user].Choice);

    private int SiteOf(int choice) =>
        Enumerable.Range(0, _sites.Sites).First(site => choice <= _sites.Of(site).End);
}
