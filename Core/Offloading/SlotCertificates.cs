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
    private long _positive;
    private bool _isStopped;
    private long _unsettled;
    private double _maxRegret;
    private double _tolerance;

    public void Add(EquilibriumCertificate certificate)
    {
        _last = certificate;
        _worst = _worst is null || IsWorse(_last, _worst) ? _last : _worst;
        (_maxRegret, _tolerance) = (Math.Max(_maxRegret, _last.MaxRegret), Math.Max(_tolerance, _last.Tolerance));
        (_positive, _unsettled) = (_positive + _last.PositiveRegretCount, _unsettled + _last.UnsettledCount);
        _isStopped |= _last.StopReason == StopReason.Stopped;
        _hashes.Add((int)_last.ProfileHash);
        _hashes.Add((int)(_last.ProfileHash >> 32));
        _steps += _last.Steps;
        _rounds += _last.Slots;
        _messages += _last.Messages;
    }

    /// <param name="wasStopped">Slots were left out.</param>
    public EquilibriumCertificate Certificate(bool wasStopped) => (_worst ?? throw new InvalidOperationException("no slots")) with
    {
        StopReason = wasStopped || _isStopped ? StopReason.Stopped : _worst.StopReason,
        UnaskedCount = wasStopped ? 1 : _worst.UnaskedCount,
        MaxRegret = _maxRegret,
        Tolerance = _tolerance,
        PositiveRegretCount = _positive,
        UnsettledCount = _unsettled,
        PotentialStart = _last?.PotentialStart,
        PotentialEnd = _last?.PotentialEnd,
        Steps = _steps,
        Slots = _rounds,
        Messages = _messages,
        ProfileHash = ProfileHash.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_hashes)),
    };

    private static bool IsWorse(EquilibriumCertificate one, EquilibriumCertificate other) =>
        one.IsEquilibrium == other.IsEquilibrium ? one.MaxRegret > other.MaxRegret : other.IsEquilibrium;
}
