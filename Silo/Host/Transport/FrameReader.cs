using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// The receiving end of a connection. Its reader sees whole messages only, each in one piece: first a preamble with its
/// length in four bytes, then frames that begin with the lengths of their headers and body, four bytes each (Orleans
/// 10.4). A large frame arrives in memory of its own, which payloads may keep.
/// </summary>
/// <param name="areFrames">False where the bytes are no frames, as under TLS: then they are shown as they come.</param>
/// <param name="close">Ends the connection; Orleans cancels a read for nothing else.</param>
internal sealed class FrameReader(IByteLink link, bool areFrames, Action close) : PipeReader
{
    /// <summary>Larger frames have memory of their own.</summary>
    public const int SharedBytes = 64 * 1024;

    private const int FirstBytes = 2 * 1024 * 1024;
    private const int SmallestRead = 4096;

    [ThreadStatic]
    private static byte[]? t_ownMemory;

    private readonly byte[] _shared = GC.AllocateUninitializedArray<byte>(SharedBytes, pinned: true);
    private byte[] _buffer = [];
    private int _start; // of what the reader has not consumed
    private int _whole; // end of the last whole frame
    private int _end; // of what was received
    private int _frameBytes; // of the frame at _whole, as far as it is known
    private int _lengths = sizeof(int);
    private bool _follows = areFrames;
    private bool _needsMore;
    private bool _isEnded;
    private volatile bool _isCanceled;

    /// <summary>Bytes of the message that this thread is reading, if they may be kept.</summary>
    public static bool TryKeep(ReadOnlySpan<byte> received, out ReadOnlyMemory<byte> kept)
    {
        var own = t_ownMemory;
        var offset = 0;
        // A payload that kept much more than itself would hold it all in memory.
        var isThere =
            own is not null && received.Length >= own.Length / 2 && own.AsSpan().Overlaps(received, out offset);
        kept = isThere ? own.AsMemory(offset, received.Length) : default;
        return isThere;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (!_isCanceled && !_isEnded && (_needsMore || _start == _whole))
        {
            await Fill(cancellationToken);
        }
        return Shown();
    }

    public override bool TryRead(out ReadResult result)
    {
        var isReady = _isCanceled || _isEnded || (!_needsMore && _start < _whole);
        result = isReady ? Shown() : default;
        return isReady;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _needsMore = _start < _whole && examined.GetInteger() == _whole;
        t_ownMemory = null;
    }

    public override void CancelPendingRead()
    {
        _isCanceled = true;
        close();
    }

    public override void Complete(Exception? exception = null) => _isEnded = true;

    private ReadResult Shown()
    {
        t_ownMemory = ReferenceEquals(_buffer, _shared) ? null : _buffer;
        return new ReadResult(new ReadOnlySequence<byte>(_buffer, _start, _whole - _start), _isCanceled, _isEnded);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Fill(CancellationToken cancellation)
    {
        MakeRoom();
        try
        {
            var count = await link.Receive(_buffer.AsMemory(_end), cancellation);
            _isEnded = count == 0;
            _end += count;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            if (!_isCanceled)
            {
                throw new ConnectionResetException(failure.Message, failure);
            }
        }
        FindFrames();
    }

    private void MakeRoom()
    {
        var left = _end - _start;
        var wanted = Math.Max(left + 1, _whole - _start + _frameBytes);
        var isShared = ReferenceEquals(_buffer, _shared);
        if (wanted > SharedBytes)
        {
            if (isShared || _end == _buffer.Length)
            {
                // No more than a multiple of what has come, whatever its lengths promise.
                MoveTo(GC.AllocateUninitializedArray<byte>(Math.Min(wanted, Math.Max(FirstBytes, 4 * left))));
            }
        }
        else if (!isShared || left == 0 || SharedBytes - _end < Math.Max(SmallestRead, wanted - left))
        {
            MoveTo(_shared);
        }
    }

    private void MoveTo(byte[] buffer)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
        (_buffer, _whole, _end, _start) = (buffer, _whole - _start, _end - _start, 0);
    }

    private void FindFrames()
    {
        (_frameBytes, _needsMore) = (0, false);
        while (_follows && _end - _whole >= _lengths)
        {
            var frame = FrameBytes();
            if (frame > _end - _whole)
            {
                _frameBytes = frame;
                return;
            }
            (_whole, _lengths) = (_whole + frame, 2 * sizeof(int));
        }
        _whole = _follows ? _whole : _end;
    }

    private int FrameBytes()
    {
        var lengths = _buffer.AsSpan(_whole);
        var first = BinaryPrimitives.ReadInt32LittleEndian(lengths);
        var second = _lengths > sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(lengths[sizeof(int)..]) : 0;
        // The reader will refuse what is too long; it must see it for that.
        _follows = first is > 0 and <= ClusterSetup.MaxFrameBytes && second is >= 0 and <= ClusterSetup.MaxFrameBytes;
        return _follows ? _lengths + first + second : 0;
    }
}
