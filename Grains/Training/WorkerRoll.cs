namespace OrleansEdge.Grains.Training;

/// <summary>
/// Which workers answer. One that does not may have lost a message, or be cut off for a while: it is lost only after
/// being silent ten times in a row.
/// </summary>
internal sealed class WorkerRoll
{
    private const int SilencesOfTheLost = 10;

    private readonly Dictionary<int, int> _silences = [];

    /// <param name="lost">Workers that are lost from the beginning.</param>
    public WorkerRoll(IEnumerable<int> lost)
    {
        foreach (var worker in lost)
        {
            Lose(worker);
        }
    }

    /// <summary>The lost workers, in order.</summary>
    public int[] Lost => [.. _silences.Keys.Where(IsLost).Order()];

    /// <summary>Some worker is silent and not lost yet.</summary>
    public bool IsInDoubt => _silences.Keys.Any(IsDoubtful);

    public bool IsLost(int worker) => _silences.GetValueOrDefault(worker) >= SilencesOfTheLost;

    public bool IsDoubtful(int worker) => _silences.GetValueOrDefault(worker) is > 0 and < SilencesOfTheLost;

    public void Answered(int worker) => _silences.Remove(worker);

    public void Silent(int worker) => _silences[worker] = _silences.GetValueOrDefault(worker) + 1;

    public void Lose(int worker) => _silences[worker] = SilencesOfTheLost;
}
