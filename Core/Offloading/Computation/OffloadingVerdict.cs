using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading.Computation;

/// <summary>What a profile that was found elsewhere is worth, computed from the users and the profile alone.</summary>
/// <param name="Certificate">Its regrets, and its hash as it was reported.</param>
/// <param name="Outcome">What it means for the users.</param>
public sealed record OffloadingVerdict(EquilibriumCertificate Certificate, OffloadingOutcome Outcome)
{
    /// <summary>Judges a profile of the users that <paramref name="seed"/> draws.</summary>
    /// <param name="profile">[users] 0 for local, or a 1-based channel.</param>
    /// <param name="inService">
    /// [channels] whether users can choose it; those that cannot be chosen are no alternatives, and nobody may be
    /// there.
    /// </param>
    /// <exception cref="OrleansEdgeException">
    /// An option is out of its range (64), or the profile is not one (65).
    /// </exception>
    public static OffloadingVerdict Of(
        OffloadingOptions options, ulong seed, ReadOnlySpan<int> profile, ReadOnlySpan<bool> inService,
        StopReason reason)
    {
        var numbers = new int[options.Channels + 1];
        var open = 0;
        for (var channel = 1; channel < numbers.Length; channel++)
        {
            numbers[channel] = inService[channel - 1] ? ++open : -1;
        }
        if (open == 0)
        {
            throw OrleansEdgeException.WrongData("no channel is in service; expected at least one");
        }
        var game = OffloadingGame.Draw(options with { Channels = open }, seed);
        var start = game.Potential;
        var choices = new int[profile.Length];
        for (var user = 0; user < choices.Length; user++)
        {
            choices[user] = (uint)profile[user] < (uint)numbers.Length ? numbers[profile[user]] : -1;
            Check.Data(choices[user] >= 0, $"user {user}: choice {profile[user]}; expected 0 or a channel in service");
        }
        game.Reset(choices);
        var certificate = game.Certify(reason) with { PotentialStart = start, ProfileHash = ProfileHash.Of(profile) };
        return new OffloadingVerdict(certificate, OffloadingOutcome.Of(game));
    }
}
