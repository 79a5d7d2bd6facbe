namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>What an allocation achieves.</summary>
/// <param name="AllocatedUsers">Users with a server.</param>
/// <param name="ServersUsed">Servers with users.</param>
/// <param name="SystemCost">
/// Sum over users and dimensions of weighted demand, less what is shared; all of it without a server.
/// </param>
/// <param name="UserBenefit">Weighted demand saved by sharing.</param>
public sealed record AllocationOutcome(int AllocatedUsers, int ServersUsed, double SystemCost, double UserBenefit)
{
    public static AllocationOutcome Of(AllocationState state)
    {
        var alone = new AllocationState(state.Problem).SystemCost;
        var used = 0;
        foreach (var count in state.Counts)
        {
            used += count > 0 ? 1 : 0;
        }
        return new AllocationOutcome(
            state.Problem.Users - state.Unallocated,
            used,
            state.SystemCost / AllocationProblem.CostUnit,
            (alone - state.SystemCost) / AllocationProblem.CostUnit);
    }
}
