using System.Security.Cryptography;
using OrleansEdge.Client.Runs;
using OrleansEdge.Client.Training;
using OrleansEdge.Core;
using OrleansEdge.Core.ParameterServer;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Client;

public class CheckpointFileTests
{
    [Fact]
    public void A_checkpoint_comes_back_as_it_was()
    {
        var run = Run();
        var read = CheckpointFile.Read("file", Bytes(run));
        Assert.Equal(run.TraceHash, read.TraceHash);
        Assert.Equal(run.Plan.Job, read.Plan.Job with { WorkerSpeeds = run.Plan.Job.WorkerSpeeds });
        Assert.Equal(run.Plan.Classes.ToString(), read.Plan.Classes.ToString());
        Assert.Equal((0.25, 30L), (read.Plan.CrashProbability, read.Plan.CheckpointEvery));
        Assert.Equal((2, 0.1 + 0.2), (read.Checkpoint.Epoch, read.Checkpoint.Seconds));
        Assert.Equal(run.Checkpoint.Curve, read.Checkpoint.Curve);
        Assert.Equal(run.Checkpoint.LostWorkers, read.Checkpoint.LostWorkers);
        Assert.Equal(
            run.Checkpoint.Shards.Select(shard => Convert.ToHexString(shard.Bytes.Span)),
            read.Checkpoint.Shards.Select(shard => Convert.ToHexString(shard.Bytes.Span)));
        Assert.Equal(Bytes(run), Bytes(read));
    }

    [Fact]
    public void A_file_cut_anywhere_or_with_a_wrong_bit_is_refused()
    {
        var file = Bytes(Run());
        for (var length = 0; length < file.Length; length += 7)
        {
            RequireWrong(file[..length]);
        }
        for (var at = 0; at < file.Length; at += 5)
        {
            var wrong = file.ToArray();
            wrong[at] ^= 0x10;
            RequireWrong(wrong);
        }
    }

    [Fact]
    public void Another_version_is_refused_even_with_a_right_checksum()
    {
        var file = Bytes(Run());
        file[8] = 2;
        SHA256.HashData(file.AsSpan(0, file.Length - 32)).CopyTo(file, file.Length - 32);
        Assert.Contains("has version 2; expected 1", RequireWrong(file).Message);
    }

    [Fact]
    public void A_checkpoint_with_nan_in_a_shard_is_refused_on_resume()
    {
        var options = new ParameterShardOptions
        {
            Range = new KeyRange(0, 4),
            Workers = 3,
            Rule = "adacomp",
            LearningRate = 0.1f,
        };
        var state = new ParameterShard(options, [1, 2, 12345.678f, 4]).Export();
        var place = state.AsSpan().IndexOf(BitConverter.GetBytes(12345.678f));
        BitConverter.TryWriteBytes(state.AsSpan(place), float.NaN);
        BitConverter.TryWriteBytes(state.AsSpan(state.Length - 4), Crc32C.Of(state.AsSpan(0, state.Length - 4)));
        var run = Run();
        var broken = run with
        {
            Checkpoint = run.Checkpoint with { Shards = [new Payload(PayloadFormat.ShardState, 4, state)] },
        };
        var exception = Assert.Throws<OrleansEdgeException>(
            () => ResumeCheck.Extended(CheckpointFile.Read("file", Bytes(broken)), "run"));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith("run: ", exception.Message);
        Assert.Contains("number 2 is NaN", exception.Message);
    }

    private static SavedRun Run() => new(
        new TrainingPlan
        {
            Name = "name",
            Job = new TrainingJob
            {
                Workers = 3,
                Seed = ulong.MaxValue,
                LearningRate = 0.1f,
                FinalRate = new(0.01f, 9),
                Model = "logreg",
            },
            Classes = new DeviceClasses([new(0.5, 1), new(0.5, 0.1)]),
            CrashProbability = 0.25,
            CheckpointEvery = 30,
        },
        new JobCheckpoint(
            2, 0.1 + 0.2, [new Payload(PayloadFormat.ShardState, 5, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })], [1],
            [new EvaluationPoint(10, 0.5, double.NaN, 100, 200, 1.5, false)]),
        "0123456789abcdef");

    private static byte[] Bytes(SavedRun run)
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, run);
        return stream.ToArray();
    }

    private static OrleansEdgeException RequireWrong(byte[] file)
    {
        var exception = Assert.Throws<OrleansEdgeException>(() => CheckpointFile.Read("file", file));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        return exception;
    }
}
