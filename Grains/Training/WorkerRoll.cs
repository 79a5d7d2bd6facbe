namespace OrleansEdge.Grains.Training;

/// <summary>
/// Which workers are there. One that does not answer may have lost a message, or be cut off for a while: it is lost only
/// after being silent ten times in a row. One that cannot do its work is lost although it answers.
/// </summary>
internal sealed class WorkerRoll
{
    private const int SilencesOfTheLost = 10;

    private readonly Dictionary<int, int> _silences = [];
    private readonly HashSet<int> _failed = [];

    /// <param name="lost">Workers that are lost from the beginning.</param>
    public WorkerRoll(IEnumerable<int> lost)
    {
        foreach (var worker in lost)
        {
            _silences[worker] = SilencesOfTheLost;
        }
    }

    /// <summary>The lost workers, in order.</summary>
    public int[] Lost => [.. _silences.Keys.Union(_failed).Where(IsLost).Order()];

    /// <summary>Some worker is silent and not lost yet.</summary>
    public bool IsInDoubt => _silences.Keys.Any(IsDoubtful);

    public bool IsLost(int worker) => _failed.Contains(worker) || SilencesOf(worker) >= SilencesOfTheLost;

    public bool IsDoubtful(int worker) => SilencesOf(worker) > 0 && !IsLost(worker);

    public void Answered(int worker) => _silences.Remove(worker);

    public void Silent(int worker) => _silences[worker] = SilencesOf(worker) + 1;

    /// <summary>The worker is lost until it has started.</summary>
    public void Failed(int worker) => _failed.Add(worker);

    public void Started(int worker) => _failed.Remove(worker);

    private int SilencesOf(int worker) => _silences.GetValueOrDefault(worker);
}
