using FsCheck;
using FsCheck.Fluent;

namespace OrleansEdge.Tests;

/// <summary>Properties that hold for whatever a seed draws; a failure names the seed.</summary>
internal static class AnySeed
{
    public static void Satisfies(int tests, Action<ulong> property) =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed => property((ulong)seed))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true));
}
