using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>A site that covers a user in a slot.</summary>
/// <param name="Site">Its number.</param>
/// <param name="SendSecondsPerBit">1 / R.</param>
/// <param name="ComputeSecondsPerBit">eta / f.</param>
public readonly record struct SiteLink(int Site, double SendSecondsPerBit, double ComputeSecondsPerBit)
{
    /// <summary>Time of sending and computing one bit, s.</summary>
    public double SecondsPerBit => SendSecondsPerBit + ComputeSecondsPerBit;
}

/// <summary>A user with a task in a slot.</summary>
/// <param name="Links">Sites that cover it, in ascending order of their numbers.</param>
/// <param name="BatteryJoules">B.</param>
/// <param name="VirtualBatteryJoules">B - theta.</param>
public sealed record CrossEdgeTask(SiteLink[] Links, double BatteryJoules, double VirtualBatteryJoules);

/// <summary>What a selection of sites means for one task.</summary>
/// <param name="Seconds">C: time of the task, or the penalty of a dropped one.</param>
/// <param name="Joules">E.</param>
/// <param name="Cost">-(B - theta) E + V C, J^2.</param>
/// <param name="Error">How far the cost can be off by rounding, J^2.</param>
public readonly record struct SelectionCost(double Seconds, double Joules, double Cost, double Error);

/// <summary>
/// The edge site selection of one slot, P2^es (games.md, 3.7): each task selects sites in its reach, or is dropped, at
/// the least sum of -(B - theta) E + V C, with at most N_max users on a site. Immutable.
/// </summary>
/// <remarks>A dropped task spends nothing; in the released code it is charged its local energy.</remarks>
public sealed class CrossEdgeSlot
{
    /// <exception cref="OrleansEdgeException">A rate, battery or site is not a number in range (65).</exception>
    public CrossEdgeSlot(CrossEdgeOptions options, CrossEdgeTask[] tasks, int sites)
    {
        (Options, Tasks, Sites) = (options, tasks, sites);
        (LocalSeconds, LocalJoules) = (options.LocalSeconds, options.LocalJoules);
        for (var task = 0; task < tasks.Length; task++)
        {
            if (!double.IsFinite(tasks[task].VirtualBatteryJoules) || !(tasks[task].BatteryJoules >= 0))
            {
                throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                    $"task {task}: battery {tasks[task].BatteryJoules} J; expected a finite number, 0 or more"));
            }
            foreach (var link in tasks[task].Links)
            {
                if ((uint)link.Site >= (uint)sites
                    || !(link.SendSecondsPerBit > 0) || !(link.ComputeSecondsPerBit >= 0))
                {
                    throw OrleansEdgeException.WrongData(FormattableString.Invariant(
                        $"task {task}, site {link.Site}: {link.SendSecondsPerBit} s/bit; expected a rate above 0"));
                }
            }
        }
    }

    public CrossEdgeOptions Options { get; }

    public CrossEdgeTask[] Tasks { get; }

    public int Sites { get; }

    internal double LocalSeconds { get; }

    internal double LocalJoules { get; }

    /// <summary>The most that a task may spend, J: min(B, E_max).</summary>
    public double EnergyLimit(int task) => Math.Min(Tasks[task].BatteryJoules, Options.MostSpentJoules);

    /// <summary>Cost of dropping a task.</summary>
    public SelectionCost Dropped => new(
        Options.DropPenaltySeconds, 0, Options.CostWeight * Options.DropPenaltySeconds,
        CostComparison.Ulp * Options.CostWeight * Options.DropPenaltySeconds);

    /// <summary>
    /// What <paramref name="count"/> sites mean for a task, given the slowest of them and the sum of their sending
    /// times; null where the deadline or the energy is exceeded.
    /// </summary>
    /// <param name="slowestSecondsPerBit">Largest <see cref="SiteLink.SecondsPerBit"/>.</param>
    /// <param name="sendSecondsPerBit">Sum of <see cref="SiteLink.SendSecondsPerBit"/>.</param>
    public SelectionCost? Evaluate(int task, int count, double slowestSecondsPerBit, double sendSecondsPerBit)
    {
        var bits = Options.EdgeInputBits / count;
        var seconds = (bits * slowestSecondsPerBit) + LocalSeconds + (count * Options.CoordinationSeconds);
        var joules = LocalJoules + (Options.TransmitWatts * bits * sendSecondsPerBit);
        return seconds <= Options.DeadlineSeconds && joules <= EnergyLimit(task)
            ? new SelectionCost(seconds, joules, Cost(task, seconds, joules), Error(task, count, seconds, joules))
            : null;
    }

    /// <summary>
    /// No selection of so many sites, none slower than given, costs a task less than this: it spends what it may,
    /// though no set of sites need add up to that; infinite where the deadline is exceeded.
    /// </summary>
    public double LeastCost(int task, int count, double slowestSecondsPerBit)
    {
        var bits = Options.EdgeInputBits / count;
        var seconds = (bits * slowestSecondsPerBit) + LocalSeconds + (count * Options.CoordinationSeconds);
        return seconds <= Options.DeadlineSeconds
            ? Cost(task, seconds, EnergyLimit(task)) - Error(task, count, seconds, EnergyLimit(task))
            : double.PositiveInfinity;
    }

    /// <summary>What a selection means for a task; null where the deadline or the energy is exceeded.</summary>
    /// <param name="links">Indices into the task's links; none for a dropped task.</param>
    public SelectionCost? Evaluate(int task, ReadOnlySpan<int> links)
    {
        if (links.IsEmpty)
        {
            return Dropped;
        }
        var (slowest, send) = (0.0, 0.0);
        foreach (var index in links)
        {
            var link = Tasks[task].Links[index];
            slowest = Math.Max(slowest, link.SecondsPerBit);
            send += link.SendSecondsPerBit;
        }
        return Evaluate(task, links.Length, slowest, send);
    }

    private double Error(int task, int count, double seconds, double joules) => (count + 8) * CostComparison.Ulp
        * ((Math.Abs(Tasks[task].VirtualBatteryJoules) * joules) + (Options.CostWeight * seconds));

    private double Cost(int task, double seconds, double joules) =>
        (-Tasks[task].VirtualBatteryJoules * joules) + (Options.CostWeight * seconds);
}
