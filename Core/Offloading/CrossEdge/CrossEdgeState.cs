using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.CrossEdge;

/// <summary>
/// The selections of all tasks of a slot and the users of every site. A game with a common constraint: a task's cost
/// depends on its own selection, and others limit what it can select, so that the sum of the costs is an exact
/// potential.
/// </summary>
public sealed class CrossEdgeState
{
    private readonly SiteSelection[] _selections;
    private readonly int[] _users;

    /// <summary>Every task dropped.</summary>
    public CrossEdgeState(CrossEdgeSlot slot)
    {
        Slot = slot;
        _selections = [.. slot.Tasks.Select(_ => SiteSelection.Drop(slot))];
        _users = new int[slot.Sites];
    }

    public CrossEdgeSlot Slot { get; }

    /// <summary>[tasks].</summary>
    public ReadOnlySpan<SiteSelection> Selections => _selections;

    /// <summary>Users of every site: [sites], each at most N_max.</summary>
    public ReadOnlySpan<int> Users => _users;

    /// <summary>The sum of all costs, J^2: the slot's objective and the potential.</summary>
    public double Objective => _selections.Sum(selection => selection.Value.Cost);

    /// <summary>Whether a site would take the task: it has a place free, or the task is on it.</summary>
    public bool HasPlace(int task, int link)
    {
        var site = Slot.Tasks[task].Links[link].Site;
        return _users[site] < Slot.Options.MostUsersPerSite || _selections[task].Links.Contains(link);
    }

    /// <summary>
    /// The task's cheapest selection among the sites that would take it; the current one where none is cheaper.
    /// </summary>
    public SiteSelection BestResponse(int task)
    {
        var best = SiteSelection.Best(Slot, task, link => HasPlace(task, link));
        return Saving(_selections[task].Value, best.Value).Least > 0 ? best : _selections[task];
    }

    /// <summary>
    /// What a task could save. With a battery above theta and a limit of energy that some sets of sites exceed, the best
    /// of the others is not searched for but bounded.
    /// </summary>
    public Regret RegretOf(int task)
    {
        var (now, best) = (_selections[task], SiteSelection.Best(Slot, task, link => HasPlace(task, link), out var least));
        var found = best.Links.AsSpan().SequenceEqual(now.Links) ? default : Saving(now.Value, best.Value);
        return found with { Most = Math.Max(found.Most, Regret.Between(now.Value.Cost, now.Value.Error, least, 0).Most) };
    }

    /// <summary>Gives a task another selection.</summary>
    /// <exception cref="InvalidOperationException">A site has no place free.</exception>
    public void Select(int task, SiteSelection selection)
    {
        foreach (var link in selection.Links)
        {
            if (!HasPlace(task, link))
            {
                throw new InvalidOperationException($"task {task}: site {Slot.Tasks[task].Links[link].Site} is full");
            }
        }
        Count(task, -1);
        _selections[task] = selection;
        Count(task, +1);
    }

    /// <summary>The certificate of the current selections for the game under the sites' admission.</summary>
    public EquilibriumCertificate Certify(StopReason stopReason)
    {
        var tally = new RegretTally(0);
        var (tasks, hash) = (_selections.Length, new List<int>());
        for (var task = 0; task < tasks; task++)
        {
            tally.Add(RegretOf(task));
            hash.Add(-1);
            hash.AddRange(_selections[task].Links.Select(link => Slot.Tasks[task].Links[link].Site));
        }
        return tally.ToCertificate(stopReason) with
        {
            PotentialEnd = Objective,
            ProfileHash = ProfileHash.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hash)),
        };
    }

    private static Regret Saving(SelectionCost now, SelectionCost best) =>
        Regret.Between(now.Cost, now.Error, best.Cost, best.Error);

    private void Count(int task, int sign)
    {
        foreach (var link in _selections[task].Links)
        {
            _users[Slot.Tasks[task].Links[link].Site] += sign;
        }
    }
}
