namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>What a profile of the offloading game means for its users.</summary>
/// <param name="Offloaders">Users that send their task away.</param>
/// <param name="BeneficialUsers">Those of them for whom that is no dearer than computing locally.</param>
/// <param name="TotalOverhead">Sum of all overheads (weighted seconds and joules).</param>
/// <param name="LargestChannel">Users on the most crowded channel.</param>
public sealed record OffloadingOutcome(int Offloaders, int BeneficialUsers, double TotalOverhead, int LargestChannel)
{
    /// <summary>Evaluates the game's current profile.</summary>
    public static OffloadingOutcome Of(OffloadingGame game)
    {
        var crowd = new int[game.Channels + 1];
        var (beneficial, total) = (0, 0.0);
        for (var user = 0; user < game.PlayerCount; user++)
        {
            crowd[game.State.Choices[user]]++;
            beneficial += game.IsBeneficial(user) ? 1 : 0;
            total += game.Cost(user);
        }
        return new OffloadingOutcome(game.PlayerCount - crowd[0], beneficial, total, crowd.AsSpan(1).ToArray().Max());
    }
}
