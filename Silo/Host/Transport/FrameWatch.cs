using System.Buffers.Binary;

namespace OrleansEdge.Silo.Transport;

/// <summary>
/// Follows the bytes of a connection to see where its messages end, so that their reader is woken once per message and not once per
/// piece of it. First comes a preamble with its length in four bytes, then frames that begin with the lengths of their headers and
/// body, four bytes each (Orleans 10.4).
/// </summary>
/// <param name="isEnabled">False where the bytes are no frames, as under TLS: then something ends with every byte.</param>
internal sealed class FrameWatch(bool isEnabled)
{
    private readonly byte[] _lengths = new byte[2 * sizeof(int)];
    private bool _isFollowing = isEnabled;
    private int _lengthBytes = sizeof(int);
    private int _known;
    private int _missing;

    /// <summary>Whether a message ends within these bytes, which follow those of the call before.</summary>
    public bool SeesEnd(ReadOnlySpan<byte> received)
    {
        var ends = !_isFollowing;
        while (_isFollowing && received.Length > 0)
        {
            if (_known < _lengthBytes)
            {
                received = received[TakeLengths(received)..];
                continue;
            }
            var taken = Math.Min(received.Length, _missing);
            received = received[taken..];
            _missing -= taken;
            if (_missing == 0)
            {
                (ends, _known, _lengthBytes) = (true, 0, _lengths.Length);
            }
        }
        return ends || !_isFollowing;
    }

    private int TakeLengths(ReadOnlySpan<byte> received)
    {
        var taken = Math.Min(received.Length, _lengthBytes - _known);
        received[..taken].CopyTo(_lengths.AsSpan(_known));
        _known += taken;
        if (_known == _lengthBytes)
        {
            var first = BinaryPrimitives.ReadInt32LittleEndian(_lengths);
            var second = _lengthBytes > sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(_lengths.AsSpan(sizeof(int))) : 0;
            // The reader will refuse what is too long; it must see it for that.
            _isFollowing = first is > 0 and <= ClusterSetup.MaxFrameBytes && second is >= 0 and <= ClusterSetup.MaxFrameBytes;
            _missing = _isFollowing ? first + second : 0;
        }
        return taken;
    }
}
