using Microsoft.Extensions.Logging;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Silo.Placement.Game;

/// <summary>
/// Plans a rebalancing whenever all silos have reported since the last. After a plan with moves come reports that show
/// what became of it, before there is another. What it knows the reports tell it again wherever it is activated anew.
/// </summary>
internal sealed class PlacementLedger(
    ISiloStatusOracle membership, ISiloMetadataCache metadata, IGrainFactory grains, ILogger<PlacementLedger> log)
    : IPlacementLedger
{
    private readonly Dictionary<SiloAddress, SiloReport> _reports = [];
    private readonly HashSet<SiloAddress> _reported = [];
    private ILookup<SiloAddress, ActivationMove> _moves = Array.Empty<ActivationMove>().ToLookup(move => move.From);

    public Task<LedgerAnswer> Report(SiloReport report)
    {
        var active = membership.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
        foreach (var gone in _reports.Keys.Except(active).ToArray())
        {
            _reports.Remove(gone);
        }
        _reports[report.Silo] = report;
        _reported.Add(report.Silo);
        var moves = _moves[report.Silo].Where(move => active.Contains(move.To)).ToArray();
        if (active.All(_reported.Contains))
        {
            _reported.Clear();
            _moves = (_moves.Count > 0 ? [] : Plan(active)).ToLookup(move => move.From);
        }
        return Task.FromResult(Answer(moves));
    }

    private IReadOnlyList<ActivationMove> Plan(SiloAddress[] active)
    {
        var silos = active.Select(silo => SiloTraits.Of(silo, metadata)).ToArray();
        var plan = RebalancePlan.Of(silos, [.. active.Select(silo => _reports[silo])], ShardOf);
        if (plan.Moves.Count > 0 && log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("rebalancing: {Moves} grains move, peak {Before:F2} to {After:F2} of the mean, potential {P0:G5} to {P1:G5}",
                plan.Moves.Count, plan.PeakBefore, plan.PeakAfter, plan.Certificate.PotentialStart, plan.Certificate.PotentialEnd);
        }
        return plan.Moves;
    }

    private LedgerAnswer Answer(ActivationMove[] moves)
    {
        var count = _reports.Values.Sum(report => report.Activations.Length);
        var loads = _reports.Values.Select(r => new SiloLoad(r.Silo, r.Activations.Sum(a => a.Load))).ToArray();
        return new LedgerAnswer(
            loads, count == 0 ? ActivationLoad.Idle : Math.Max(1, loads.Sum(load => load.Load) / count), moves);
    }

    private GrainId? ShardOf(GrainId grain) => GrainKeys.ShardOf(grain.Key.ToString()!) is { } key
        ? grains.GetGrain<IParameterShard>(key).GetGrainId()
        : null;
}
