using OrleansEdge.Core.ParameterServer;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>Which site a channel belongs to: sites own contiguous shares whose sizes differ by at most one.</summary>
public sealed class SiteChannels
{
    private readonly KeyRange[] _ranges;
    private readonly int[] _siteOf;

    /// <param name="channels">At least the sites.</param>
    /// <param name="sites">At least 1.</param>
    public SiteChannels(int channels, int sites)
    {
        _ranges = KeyRange.Split(channels, sites);
        _siteOf = new int[channels];
        for (var site = 0; site < sites; site++)
        {
            _siteOf.AsSpan(_ranges[site].Start, _ranges[site].Length).Fill(site);
        }
    }

    public int Channels => _siteOf.Length;

    public int Sites => _ranges.Length;

    /// <summary>The site's 0-based channels.</summary>
    public KeyRange Of(int site) => _ranges[site];

    /// <summary>
    /// The profile on the way from one to another: users that go to another site have left theirs and compute
    /// locally, all others have arrived. With it in between, no user is on two sites at any moment.
    /// </summary>
    public int[] Between(ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var between = after.ToArray();
        for (var user = 0; user < between.Length; user++)
        {
            if (before[user] != InterferenceGame.Local && after[user] != InterferenceGame.Local &&
                _siteOf[before[user] - 1] != _siteOf[after[user] - 1])
            {
                between[user] = InterferenceGame.Local;
            }
        }
        return between;
    }
}
