using OrleansEdge.Core.Games;

namespace OrleansEdge.Core.Offloading;

/// <summary>Gathers the certificates of many slots' games into the worst of them.</summary>
internal sealed class SlotCertificates
{
    private readonly List<int> _hashes = [];
    private EquilibriumCertificate? _worst;
    private EquilibriumCertificate? _last;
    private long _steps;
    private long _rounds;
    private long _messages;

    public void Add(EquilibriumCertificate certificate)
    {
        _last = certificate;
        _worst = _worst is null || _last.MaxRegret > _worst.MaxRegret ? _last : _worst;
        _hashes.Add((int)_last.ProfileHash);
        _hashes.Add((int)(_last.ProfileHash >> 32));
        _steps += _last.Steps;
        _rounds += _last.Slots;
        _messages += _last.Messages;
    }

    public EquilibriumCertificate Certificate() => (_worst ?? throw new InvalidOperationException("no slots")) with
    {
        PotentialStart = _last?.PotentialStart,
        PotentialEnd = _last?.PotentialEnd,
        Steps = _steps,
        Slots = _rounds,
        Messages = _messages,
        ProfileHash = ProfileHash.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_hashes)),
    };
}
