namespace OrleansEdge.Silo.Placement.Game;

/// <summary>How busy an activation is, from the requests that it is given.</summary>
internal sealed class ActivationLoad
{
    /// <summary>What an activation weighs that is asked nothing: as much as one request per second.</summary>
    public const long Idle = UnitsPerRequest;

    private const int UnitsPerRequest = 100;

    // Half of what is known is forgotten at every report.
    private const double Memory = 0.5;

    private long _requests;
    private double _perSecond = double.NaN;

    /// <summary>Counts one request; the requests of an activation come one after the other.</summary>
    public void Count() => _requests++;

    /// <summary>Requests per second; NaN before the first report. Goes along when the activation moves.</summary>
    public double PerSecond { get => _perSecond; set => _perSecond = value; }

    /// <summary>The load in hundredths of a request per second, at least <see cref="Idle"/>.</summary>
    /// <param name="seconds">Time since it was taken before.</param>
    public long Take(double seconds)
    {
        var now = Interlocked.Exchange(ref _requests, 0) / Math.Max(seconds, 1e-3);
        _perSecond = double.IsNaN(_perSecond) ? now : (Memory * _perSecond) + ((1 - Memory) * now);
        return Idle + (long)Math.Min(_perSecond * UnitsPerRequest, 1e12);
    }
}

/// <summary>Counts the requests of our grains.</summary>
internal sealed class RequestCounter : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        context.TargetContext.GetComponent<ActivationLoad>()?.Count();
        return context.Invoke();
    }
}
