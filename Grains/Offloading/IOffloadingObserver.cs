using OrleansEdge.Grains.Interfaces.Offloading;

namespace OrleansEdge.Grains.Offloading;

/// <summary>
/// Is told of every change of a game at the moment when it happens, by the grain that makes it. Good for one process
/// only: a laboratory's view of what no grain can see.
/// </summary>
public interface IOffloadingObserver
{
    /// <summary>A member has other choices than before.</summary>
    /// <param name="firstUser">Its first user.</param>
    /// <param name="choices">[users of the member] 0 for local, or a 1-based channel.</param>
    void Chose(int firstUser, ReadOnlySpan<int> choices);

    /// <summary>A site begins anew with these holdings.</summary>
    void Opened(int site, SiteOpening opening);

    /// <summary>A site counts this of a member from now on.</summary>
    void Held(int site, Holding holding);

    /// <summary>A site takes no part any more, until it is opened again.</summary>
    void Closed(int site);
}
