namespace OrleansEdge.Core.ParameterServer;

/// <summary>
/// A shard's parameter values, twice: rules for dense updates write the new values beside the present ones and then
/// <see cref="Commit"/>, so that an update which cannot be applied as a whole leaves no trace.
/// </summary>
public sealed class ShardValues(int length)
{
    private float[] _current = new float[length];
    private float[] _next = [];

    public int Length { get; } = length;

    /// <summary>The values; the span is valid until the next <see cref="Commit"/>.</summary>
    public Span<float> Current => _current;

    /// <summary>Memory for the values after an update, of unspecified content.</summary>
    public Span<float> Next => _next.Length == Length
        ? _next
        : _next = GC.AllocateUninitializedArray<float>(Length);

    /// <summary>Makes <see cref="Next"/> the current values.</summary>
    public void Commit() => (_current, _next) = (_next, _current);
}
