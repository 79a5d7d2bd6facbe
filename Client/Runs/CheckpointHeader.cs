using System.Text.Json;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Runs;

/// <summary>The state of one shard in a checkpoint.</summary>
/// <param name="ElementCount">Parameters of the shard.</param>
/// <param name="ByteCount">Bytes of its state.</param>
internal sealed record ShardHeader(int ElementCount, int ByteCount);

/// <summary>What a checkpoint says in front of the shards' states, as JSON.</summary>
internal sealed record CheckpointHeader(
    string Name, TrainingJob Job, string Classes, double CrashProbability, long BoundaryEvery, bool MeasureOnNetwork,
    string TraceHash, int Epoch, double Seconds, int[] LostWorkers, EvaluationPoint[] Curve, ShardHeader[] Shards)
{
    private const long MostUpdates = 1_000_000_000_000;
    private const double MostSeconds = 1e15;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
    };

    /// <summary>The header of a checkpoint.</summary>
    public static CheckpointHeader Of(SavedRun run)
    {
        var (plan, checkpoint) = (run.Plan, run.Checkpoint);
        return new CheckpointHeader(
            plan.Name, plan.Job, plan.Classes.ToString(), plan.CrashProbability, plan.BoundaryEvery, plan.MeasureOnNetwork,
            run.TraceHash, checkpoint.Epoch, checkpoint.Seconds, checkpoint.LostWorkers, checkpoint.Curve,
            [.. checkpoint.Shards.Select(shard => new ShardHeader(shard.ElementCount, shard.Bytes.Length))]);
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <summary>Reads a header and takes nothing but what <see cref="ToBytes"/> writes.</summary>
    /// <exception cref="OrleansEdgeException">
    /// It is no header, has members more, less or twice, or a value out of its range (65).
    /// </exception>
    public static CheckpointHeader Parse(ReadOnlySpan<byte> json)
    {
        CheckpointHeader? header;
        byte[] written;
        try
        {
            header = JsonSerializer.Deserialize<CheckpointHeader>(json, Format);
            written = header?.ToBytes() ?? [];
        }
        catch (Exception exception)
            when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw OrleansEdgeException.WrongData("the header cannot be read");
        }
        if (header is null || !written.AsSpan().SequenceEqual(json))
        {
            throw OrleansEdgeException.WrongData(
                "the header is not as it is written: it has members more, less or twice, or in another form");
        }
        header.Check();
        return header;
    }

    /// <summary>The run; <paramref name="states"/> are the bytes after the header.</summary>
    /// <exception cref="OrleansEdgeException">The header does not fit the bytes (65).</exception>
    public SavedRun ToRun(ReadOnlyMemory<byte> states)
    {
        var bytes = Shards.Sum(shard => (long)shard.ByteCount);
        Require(bytes == states.Length, "the shards' bytes", bytes, $"{states.Length}, which follow the header");
        var shards = new List<Payload>();
        foreach (var shard in Shards)
        {
            shards.Add(new Payload(PayloadFormat.ShardState, shard.ElementCount, states[..shard.ByteCount]));
            states = states[shard.ByteCount..];
        }
        var plan = new TrainingPlan
        {
            Name = Name,
            Job = Job,
            Classes = DeviceClasses.TryParse(Classes, out var classes) ? classes : DeviceClasses.One,
            CrashProbability = CrashProbability,
            BoundaryEvery = BoundaryEvery,
            MeasureOnNetwork = MeasureOnNetwork,
        };
        return new SavedRun(plan, new JobCheckpoint(Epoch, Seconds, [.. shards], LostWorkers, Curve), TraceHash);
    }

    private void Check()
    {
        Job.Validate();
        Require(Job.Updates <= MostUpdates, "updates", Job.Updates, $"at most {MostUpdates}");
        Require(
            DeviceClasses.TryParse(Classes, out var classes) && classes.ToString() == Classes, "classes", Classes,
            DeviceClasses.Expected);
        Require(CrashProbability is >= 0 and <= 1, "crashProbability", CrashProbability, "0 to 1");
        Require(BoundaryEvery is >= 1 and <= MostUpdates, "boundaryEvery", BoundaryEvery, $"1 to {MostUpdates}");
        Require(
            TraceHash.Length is 0 or 16 && TraceHash.All(char.IsAsciiHexDigitLower), "traceHash", TraceHash,
            "16 hexadecimal digits, or none of a run in real time");
        Require(Epoch is >= 0 and < int.MaxValue, "epoch", Epoch, "0 or above");
        Require(Seconds is >= 0 and <= MostSeconds, "seconds", Seconds, $"0 to {MostSeconds}");
        for (var i = 0; i < LostWorkers.Length; i++)
        {
            Require(
                LostWorkers[i] > (i == 0 ? -1 : LostWorkers[i - 1]) && LostWorkers[i] < Job.Workers, "lostWorkers",
                LostWorkers[i], "rising numbers of workers");
        }
        CheckCurve();
        CheckShards();
    }

    private void CheckCurve()
    {
        Require(Curve.Length > 0, "curve", "empty", "at least the last evaluation");
        var before = 0L;
        foreach (var point in Curve)
        {
            Require(
                point is { Accuracy: >= 0 and <= 1, Loss: >= 0 and < double.PositiveInfinity, IngressBytes: >= 0 }
                    && point is { EgressBytes: >= 0, Seconds: >= 0 and <= MostSeconds }
                    && point.Updates >= before && point.Updates <= MostUpdates,
                "curve", point, "evaluations of rising updates, with numbers in their ranges");
            before = point.Updates;
        }
    }

    private void CheckShards()
    {
        Require(Shards.Length == Job.Shards, "shards", Shards.Length, $"{Job.Shards}, the job's");
        var parameters = ModelCatalog.Create(Job.Model).ParameterCount;
        Require(Job.Shards <= parameters, "shards", Job.Shards, $"at most {parameters}, the model's parameters");
        var ranges = KeyRange.Split(parameters, Job.Shards);
        for (var i = 0; i < Shards.Length; i++)
        {
            Require(
                Shards[i] is { ByteCount: >= 0 } shard && shard.ElementCount == ranges[i].Length, $"shard {i}", Shards[i],
                $"{ranges[i].Length} parameters of {Job.Model}, and bytes");
        }
    }

    private static void Require(bool holds, string field, object? value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.WrongData(
                FormattableString.Invariant($"the header's {field} is {value ?? "null"}; expected {expected}"));
        }
    }
}
