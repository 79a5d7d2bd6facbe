using System.Net;
using System.Net.Sockets;
using OrleansEdge.Core.Measuring;
using OrleansEdge.Grains.Interfaces.Measuring;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Benchmarking.Links;

/// <summary>
/// The asking end of the bare socket. Calls in flight share one connection, as those of two silos do: one thread sends
/// while fewer than the allowed number wait, another takes the answers in order.
/// </summary>
internal sealed class TcpLink : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _request = new byte[TcpFrames.HeaderBytes + Payload.MaximumBytes];
    private readonly byte[] _answer = new byte[Payload.MaximumBytes];
    private readonly TimeProvider _clock;

    public TcpLink(int port, TimeProvider clock)
    {
        _clock = clock;
        _socket.Connect(IPAddress.Loopback, port);
        TcpFrames.Tuned(_socket);
    }

    /// <summary>Makes calls for as long as the trial says.</summary>
    public LinkMeasurement Measure(LinkTrial trial)
    {
        var requestBytes = trial.Call == LinkCall.Push ? trial.PayloadBytes : 0;
        var answerBytes = trial.Call == LinkCall.Pull ? trial.PayloadBytes : TcpFrames.SmallestAnswerBytes;
        TcpFrames.WriteHeader(_request, requestBytes, answerBytes);
        var request = _request.AsMemory(0, TcpFrames.HeaderBytes + requestBytes);
        var times = new LatencyHistogram();
        var start = _clock.GetTimestamp();
        if (trial.InFlight == 1)
        {
            do
            {
                var before = _clock.GetTimestamp();
                TcpFrames.SendAll(_socket, request.Span);
                Take(answerBytes, before, times);
            }
            while (_clock.GetElapsedTime(start).TotalSeconds < trial.Seconds);
        }
        else
        {
            Overlap(trial, request, answerBytes, start, times);
        }
        return new LinkMeasurement(
            times.Count, _clock.GetElapsedTime(start).TotalSeconds, times.Microseconds(0.5), times.Microseconds(0.99));
    }

    public void Dispose() => _socket.Dispose();

    private void Overlap(
        LinkTrial trial, ReadOnlyMemory<byte> request, int answerBytes, long start, LatencyHistogram times)
    {
        var sent = new Queue<long>();
        using var free = new SemaphoreSlim(trial.InFlight);
        using var waiting = new SemaphoreSlim(0);
        var sender = new Thread(() =>
        {
            do
            {
                free.Wait();
                lock (sent)
                {
                    sent.Enqueue(_clock.GetTimestamp());
                }
                waiting.Release();
                TcpFrames.SendAll(_socket, request.Span);
            }
            while (_clock.GetElapsedTime(start).TotalSeconds < trial.Seconds);
            lock (sent)
            {
                sent.Enqueue(-1); // the end
            }
            waiting.Release();
        });
        sender.Start();
        while (true)
        {
            waiting.Wait();
            long before;
            lock (sent)
            {
                before = sent.Dequeue();
            }
            if (before < 0)
            {
                break;
            }
            Take(answerBytes, before, times);
            free.Release();
        }
        sender.Join();
    }

    private void Take(int answerBytes, long before, LatencyHistogram times)
    {
        if (!TcpFrames.ReceiveAll(_socket, _answer.AsSpan(0, answerBytes)))
        {
            throw new IOException("the answering process has closed its socket");
        }
        times.Add(_clock.GetElapsedTime(before));
    }
}
