using OrleansEdge.Core;
using OrleansEdge.Core.Measuring;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Grains.Interfaces.Measuring;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Grains.Measuring;

/// <summary>Calls another probe as fast as answers come.</summary>
public sealed class LinkProbe(IGrains grains, TimeProvider clock) : ILinkProbe
{
    private Payload _payload = Payload.Empty;

    public Task<string> Process() => Task.FromResult($"{Environment.MachineName}/{Environment.ProcessId}");

    public Task Ping() => Task.CompletedTask;

    public Task<int> Push(Payload payload) => Task.FromResult(payload.Bytes.Length);

    public Task<Payload> Pull(int bytes) => Task.FromResult(PayloadOf(bytes));

    public async Task<LinkMeasurement> Measure(LinkTrial trial)
    {
        Require(trial.InFlight is >= 1 and <= 1024, nameof(trial.InFlight), trial.InFlight, "1 to 1024");
        Require(trial.Seconds is > 0 and <= 60, nameof(trial.Seconds), trial.Seconds, "above 0, at most 60");
        var times = new LatencyHistogram();
        var call = CallOf(trial);
        var start = clock.GetTimestamp();
        var loops = Enumerable.Range(0, trial.InFlight).Select(_ => Repeat(call, start, trial.Seconds, times));
        await Task.WhenAll(loops.ToArray());
        return new LinkMeasurement(
            times.Count, clock.GetElapsedTime(start).TotalSeconds, times.Microseconds(0.5), times.Microseconds(0.99));
    }

    private async Task Repeat(Func<Task> call, long start, double seconds, LatencyHistogram times)
    {
        do
        {
            var before = clock.GetTimestamp();
            await call();
            times.Add(clock.GetElapsedTime(before));
        }
        while (clock.GetElapsedTime(start).TotalSeconds < seconds);
    }

    private Func<Task> CallOf(LinkTrial trial)
    {
        var target = grains.Get<ILinkProbe>(trial.Target);
        var payload = PayloadOf(trial.PayloadBytes);
        return trial.Call switch
        {
            LinkCall.Push => async () => RequireBytes(await target.Push(payload), trial.PayloadBytes),
            LinkCall.Pull =>
                async () => RequireBytes((await target.Pull(trial.PayloadBytes)).Bytes.Length, trial.PayloadBytes),
            _ => target.Ping,
        };
    }

    private Payload PayloadOf(int bytes)
    {
        Require(bytes is >= 0 and <= Payload.MaximumBytes, "PayloadBytes", bytes, $"0 to {Payload.MaximumBytes}");
        if (_payload.Bytes.Length != bytes)
        {
            _payload = new Payload(PayloadFormat.DenseFloat32, bytes / sizeof(float), new byte[bytes]);
        }
        return _payload;
    }

    private static void RequireBytes(int received, int sent)
    {
        if (received != sent)
        {
            throw new InvalidOperationException($"{received} bytes arrived of {sent}");
        }
    }

    private static void Require(bool holds, string property, object value, string expected)
    {
        if (!holds)
        {
            throw OrleansEdgeException.Usage(
                FormattableString.Invariant($"{property} is {value}; expected {expected}"));
        }
    }
}
