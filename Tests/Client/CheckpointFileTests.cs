using System.Security.Cryptography;
using System.Text;
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
        Assert.Equal(
            (0.25, 30L, true), (read.Plan.CrashProbability, read.Plan.BoundaryEvery, read.Plan.MeasureOnNetwork));
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
        for (var length = 0; length < file.Length; length += 97)
        {
            RequireWrong(file[..length]);
        }
        for (var at = 0; at < file.Length; at += 89)
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
        file[8] = 1;
        SHA256.HashData(file.AsSpan(0, file.Length - 32)).CopyTo(file, file.Length - 32);
        Assert.Contains("has version 1; expected 2", RequireWrong(file).Message);
    }

    [Fact]
    public void A_checkpoint_with_nan_in_a_shard_is_refused_on_resume()
    {
        var run = Run();
        var state = run.Checkpoint.Shards[0].Bytes.ToArray();
        var place = state.AsSpan().IndexOf(BitConverter.GetBytes(12345.678f));
        BitConverter.TryWriteBytes(state.AsSpan(place), float.NaN);
        var exception = RequireWrongState(run, state);
        Assert.StartsWith("run: ", exception.Message);
        Assert.Contains("number 2 is NaN", exception.Message);
    }

    [Theory]
    [InlineData(16, 1_000_000u, "number of workers")]
    [InlineData(12, int.MaxValue, "end of the parameters")]
    public void A_count_in_a_shard_is_checked_before_memory_is_taken(int at, uint value, string expected)
    {
        var run = Run();
        var state = run.Checkpoint.Shards[0].Bytes.ToArray();
        BitConverter.TryWriteBytes(state.AsSpan(at), value);
        Assert.Contains(expected, RequireWrongState(run, state).Message);
    }

    [Fact]
    public void A_job_of_more_workers_than_its_shards_hold_is_refused_before_memory_is_taken()
    {
        var run = Run();
        var state = run.Checkpoint.Shards[0].Bytes.ToArray();
        BitConverter.TryWriteBytes(state.AsSpan(16), 1_000_000u);
        var huge = run with { Plan = run.Plan with { Job = run.Plan.Job with { Workers = 1_000_000 } } };
        Assert.Contains("expected at least 16031400 for 7850 parameters", RequireWrongState(huge, state).Message);
    }

    [Theory]
    [InlineData("\"shards\":1,", "\"shards\":9,", "shards is 1; expected 9")]
    [InlineData("\"shards\":1,", "\"shards\":0,", "Shards is 0")]
    [InlineData("\"workers\":3", "\"workers\":-3", "Workers is -3")]
    [InlineData("\"workers\":3", "\"workers\":1", "lostWorkers is 1")]
    [InlineData("\"workers\":3", "\"workers\":3,\"wrokers\":4", "members more")]
    [InlineData("\"workers\":3", "\"workers\":3,\"workers\":3", "members more")]
    [InlineData("\"workers\":3,", "", "members more, less")]
    [InlineData("\"workers\":3", "\"workers\":3.5", "cannot be read")]
    [InlineData("\"workers\":3", "\"workers\":99999999999", "cannot be read")]
    [InlineData("\"model\":\"logreg\"", "\"model\":null", "cannot be read")]
    [InlineData("\"model\":\"logreg\"", "\"model\":\"mlp\"", "parameters of mlp")]
    [InlineData("\"crashProbability\":0.25", "\"crashProbability\":-0.25", "crashProbability is -0.25")]
    [InlineData("\"crashProbability\":0.25", "\"crashProbability\":1e999", "cannot be read")]
    [InlineData("\"crashProbability\":0.25", "\"crashProbability\":\"NaN\"", "cannot be read")]
    [InlineData("\"boundaryEvery\":30", "\"boundaryEvery\":0", "boundaryEvery is 0")]
    [InlineData("\"boundaryEvery\":30", "\"boundaryEvery\":9223372036854775807", "boundaryEvery is 9223372036854775807")]
    [InlineData("\"epoch\":2", "\"epoch\":2147483647", "epoch is 2147483647")]
    [InlineData("\"epoch\":2", "\"epoch\":-2", "epoch is -2")]
    [InlineData("\"lostWorkers\":[1]", "\"lostWorkers\":[1,1]", "lostWorkers is 1")]
    [InlineData("\"lostWorkers\":[1]", "\"lostWorkers\":[-1]", "lostWorkers is -1")]
    [InlineData("\"lostWorkers\":[1]", "\"lostWorkers\":null", "cannot be read")]
    [InlineData("\"elementCount\":7850", "\"elementCount\":2000000000", "7850 parameters of logreg")]
    [InlineData("\"byteCount\":", "\"byteCount\":-", "7850 parameters of logreg, and bytes")]
    [InlineData("\"byteCount\":", "\"byteCount\":1", "which follow the header")]
    [InlineData("\"accuracy\":0.5", "\"accuracy\":1.5", "curve is")]
    [InlineData("\"classes\":\"0.5:1,0.5:0.1\"", "\"classes\":\"0.5:1,0.5:x\"", "classes is")]
    [InlineData("\"classes\":\"0.5:1,0.5:0.1\"", "\"classes\":\"0.50:1,0.5:0.1\"", "classes is")]
    [InlineData("\"traceHash\":\"0123456789abcdef\"", "\"traceHash\":\"0123\"", "traceHash is")]
    public void An_edited_header_is_refused_though_its_checksum_fits(string from, string to, string expected)
    {
        var file = Bytes(Run());
        var header = Encoding.UTF8.GetString(file, 16, BitConverter.ToInt32(file, 12));
        Assert.Contains(from, header);
        var edited = header[..header.IndexOf(from, StringComparison.Ordinal)] + to
            + header[(header.IndexOf(from, StringComparison.Ordinal) + from.Length)..];
        var bytes = Encoding.UTF8.GetBytes(edited);
        byte[] whole = [.. file[..12], .. BitConverter.GetBytes(bytes.Length), .. bytes, .. file[(16 + header.Length)..]];
        Assert.Contains(expected, RequireWrong(Sealed(whole)).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_header_length_that_cannot_be_is_refused(int length)
    {
        var file = Bytes(Run());
        BitConverter.TryWriteBytes(file.AsSpan(12), length);
        RequireWrong(Sealed(file));
    }

    [Fact]
    public void A_file_with_wrong_bytes_and_right_checksums_is_refused_or_read_as_it_is()
    {
        var good = Bytes(Run());
        var states = 16 + BitConverter.ToInt32(good, 12);
        var random = new RandomStream(1, "damage");
        for (var i = 0; i < 3_000; i++)
        {
            var file = good.ToArray();
            // Most of the file is values; the other half of the damage is to the header and what follows it.
            var end = i % 2 == 0 ? states + 200 : file.Length - 32;
            for (var n = random.NextInt(3); n >= 0; n--)
            {
                file[random.NextInt(end)] = (byte)random.NextInt(256);
            }
            file = i % 5 == 0 ? file[..(32 + random.NextInt(file.Length - 32))] : file;
            var state = file.AsSpan(Math.Min(states, file.Length - 36)..^32);
            BitConverter.TryWriteBytes(state[^4..], Crc32C.Of(state[..^4]));
            RequireRefusedOrSame(Sealed(file));
        }
    }

    private static void RequireRefusedOrSame(byte[] file)
    {
        try
        {
            var run = CheckpointFile.Read("file", file);
            Assert.Equal(file, Bytes(run));
            ResumeCheck.Extended(run, "file");
        }
        catch (OrleansEdgeException exception)
        {
            Assert.Equal(ExitCode.Data, exception.ExitCode);
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    private static OrleansEdgeException RequireWrongState(SavedRun run, byte[] state)
    {
        BitConverter.TryWriteBytes(state.AsSpan(state.Length - 4), Crc32C.Of(state.AsSpan(0, state.Length - 4)));
        var broken = run with
        {
            Checkpoint = run.Checkpoint with { Shards = [new Payload(PayloadFormat.ShardState, 7850, state)] },
        };
        var exception = Assert.Throws<OrleansEdgeException>(
            () => ResumeCheck.Extended(CheckpointFile.Read("file", Bytes(broken)), "run"));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        return exception;
    }

    private static byte[] Sealed(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - 32)).CopyTo(file, file.Length - 32);
        return file;
    }

    private static byte[] State()
    {
        var values = new float[7850];
        values[2] = 12345.678f;
        return new ParameterShard(
            new ParameterShardOptions { Range = new KeyRange(0, 7850), Workers = 3, Rule = "adacomp", LearningRate = 0.1f },
            values).Export();
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
            BoundaryEvery = 30,
            MeasureOnNetwork = true,
        },
        new JobCheckpoint(
            2, 0.1 + 0.2, [new Payload(PayloadFormat.ShardState, 7850, State())], [1],
            [new EvaluationPoint(0, 0.5, 2.5, 100, 200, 1.5, false)]),
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
