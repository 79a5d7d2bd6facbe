namespace OrleansEdge.Silo.Observability;

/// <summary>What the probes are told. Started, ready and alive are three questions with three consequences.</summary>
internal sealed class SiloHealth(ISiloStatusOracle membership, IEnumerable<IHealthCheckParticipant> participants)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private bool _started;
    private bool _stopping;

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloHealth),
        ServiceLifecycleStage.Last,
        _ =>
        {
            _started = true;
            return Task.CompletedTask;
        },
        _ =>
        {
            _stopping = true;
            return Task.CompletedTask;
        });

    /// <summary>Null once the silo has joined; the orchestrator waits for it before it asks the other two.</summary>
    public string? NotStarted() => _started ? null : $"joining: {membership.CurrentStatus}";

    /// <summary>Null while the silo takes requests; otherwise clients are sent elsewhere.</summary>
    public string? NotReady() =>
        !_started ? "joining" : _stopping ? "stopping" : membership.CurrentStatus == SiloStatus.Active ? null
        : membership.CurrentStatus.ToString();

    /// <summary>
    /// Null while the process works; otherwise it is restarted. A database that is away is no reason to.
    /// </summary>
    public string? NotAlive()
    {
        if (membership.CurrentStatus == SiloStatus.Dead)
        {
            return "declared dead by the cluster";
        }
        foreach (var participant in _started ? participants : [])
        {
            if (!participant.CheckHealth(DateTime.UtcNow, out var reason))
            {
                return reason;
            }
        }
        return null;
    }
}
