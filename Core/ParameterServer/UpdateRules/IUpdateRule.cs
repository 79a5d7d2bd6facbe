namespace OrleansEdge.Core.ParameterServer.UpdateRules;

/// <summary>
/// How a shard turns gradients into new values. A rule either applies an update as a whole or changes nothing. It
/// belongs to one shard and is called by one caller at a time.
/// </summary>
public interface IUpdateRule
{
    /// <summary>The name by which <see cref="UpdateRule.Create"/> makes it.</summary>
    string Name { get; }

    /// <summary>An update staler than this cannot be applied.</summary>
    long MaxStaleness { get; }

    /// <summary>Bytes that the rule holds beyond the values.</summary>
    long MemoryBytes { get; }

    /// <summary>Someone pulled at this clock, the present one, and may push against it.</summary>
    void PullBegan(long clock);

    /// <summary>One of those who pulled at this clock will not push against it any more.</summary>
    void PullEnded(long clock);

    /// <summary>Applies a gradient of all parameters.</summary>
    /// <param name="values">The shard's values.</param>
    /// <param name="gradient">[values.Length]; not yet checked for NaN and infinity.</param>
    /// <param name="clock">Updates applied before this one.</param>
    /// <param name="pulledAt">The clock of the pull that the gradient was computed from; a pull that began and has not
    /// ended.</param>
    /// <returns>False when a new value would not be finite; then nothing has changed.</returns>
    bool TryApply(ShardValues values, ReadOnlySpan<float> gradient, long clock, long pulledAt);

    /// <summary>Applies a gradient of some parameters.</summary>
    /// <param name="values">The shard's values.</param>
    /// <param name="positions">[n], strictly ascending, each in 0..values.Length-1.</param>
    /// <param name="gradient">[n], finite.</param>
    /// <param name="clock">Updates applied before this one.</param>
    /// <param name="pulledAt">The clock of the pull that the gradient was computed from.</param>
    /// <returns>False when a new value would not be finite; then nothing has changed.</returns>
    bool TryApply(
        ShardValues values, ReadOnlySpan<int> positions, ReadOnlySpan<float> gradient, long clock, long pulledAt);

    /// <summary>Bytes that <see cref="WriteState"/> writes.</summary>
    int StateLength { get; }

    /// <summary>Writes what the rule remembers beyond the values and beyond outstanding pulls.</summary>
    void WriteState(Span<byte> destination);

    /// <summary>Takes over what <see cref="WriteState"/> wrote; called once, before any other method.</summary>
    /// <exception cref="OrleansEdgeException">The state has a wrong length or content (65).</exception>
    void ReadState(ReadOnlySpan<byte> source);
}
