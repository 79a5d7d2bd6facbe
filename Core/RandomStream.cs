namespace OrleansEdge.Core;

/// <summary>
/// A counter-based random stream: the n-th number depends on the seed, the stream's name and n alone, so that what one
/// entity draws never depends on the order in which entities run. The generator is SplitMix64 (Steele, Lea, Flood,
/// OOPSLA 2014).
/// </summary>
public struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _counter;

    /// <summary>A stream for one entity, such as ("worker", 17) or ("link", from, to).</summary>
    public RandomStream(ulong seed, string purpose, ulong entity = 0, ulong subentity = 0)
    {
        var key = Mix(seed + Golden);
        foreach (var character in purpose)
        {
            key = Mix((key ^ character) + Golden);
        }
        _key = Mix(Mix(key ^ Mix(entity + Golden)) + Mix(subentity ^ Golden));
    }

    /// <summary>How many numbers were drawn; setting it moves the stream there.</summary>
    public ulong Position
    {
        readonly get => _counter;
        set => _counter = value;
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64() => Mix(_key + (++_counter * Golden));

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), <paramref name="bound"/> above 0.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Exponential with the given mean.</summary>
    public double NextExponential(double mean) => -mean * Math.Log(1 - NextDouble());

    /// <summary>Standard normal (Box and Muller 1958, the cosine branch).</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>A uniform permutation of <paramref name="items"/> in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
