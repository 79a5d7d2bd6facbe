using System.CommandLine;
using System.Globalization;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Core;
using OrleansEdge.Grains.Training;

namespace OrleansEdge.Client.Training;

/// <summary>What has to hold when a run goes on from a checkpoint.</summary>
internal static class ResumeCheck
{
    /// <summary>An option that was given must say what the checkpoint says.</summary>
    /// <param name="value">The checkpoint's value.</param>
    /// <param name="name">The checkpoint, for the error line.</param>
    public static void Same(Invocation invocation, Option option, bool isSame, object value, string name)
    {
        if (invocation.IsGiven(option) && !isSame)
        {
            var given = invocation.GivenOptions()[option.Name];
            throw OrleansEdgeException.WrongData(string.Create(
                CultureInfo.InvariantCulture, $"{option.Name} is {given}, but {name} has {value}; expected the same or none"));
        }
    }

    /// <summary>The seed that was given must be the checkpoint's.</summary>
    public static void SameSeed(Invocation invocation, ulong seed, string name)
    {
        if (invocation.SeedIsGiven && invocation.Seed != seed)
        {
            throw OrleansEdgeException.WrongData(
                $"--seed is {invocation.Seed}, but {name} has {seed}; expected the same or none");
        }
    }

    /// <summary>The plan of the saved run, to go on from it.</summary>
    /// <exception cref="OrleansEdgeException">
    /// The state of a shard is damaged or holds what is no number (65).
    /// </exception>
    public static TrainingPlan Extended(SavedRun saved, string name)
    {
        try
        {
            _ = ShardStates.Parameters(saved.Plan.Job, saved.Checkpoint.Shards, saved.Updates);
        }
        catch (OrleansEdgeException exception)
        {
            throw OrleansEdgeException.WrongData($"{name}: {exception.Message}");
        }
        return saved.Plan with { From = saved };
    }

    /// <summary>There must be updates left to do.</summary>
    public static long MoreUpdates(SavedRun saved, long updates, string name)
    {
        return updates > saved.Updates
            ? updates
            : throw OrleansEdgeException.Usage(
                $"--updates is {updates}, and {name} is at {saved.Updates}; expected more");
    }
}
