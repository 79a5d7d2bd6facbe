using System.Numerics;

namespace OrleansEdge.Core.Offloading.Allocation;

/// <summary>A set of users that can name its n-th member in ascending order.</summary>
internal sealed class RequestSet(int users)
{
    private readonly ulong[] _words = new ulong[(users + 63) / 64];

    public int Count { get; private set; }

    public void Set(int user, bool isMember)
    {
        var (word, bit) = (user >> 6, 1UL << user);
        if ((_words[word] & bit) != 0 != isMember)
        {
            _words[word] ^= bit;
            Count += isMember ? 1 : -1;
        }
    }

    /// <summary>The member with <paramref name="rank"/> smaller ones.</summary>
    public int At(int rank)
    {
        for (var word = 0; ; word++)
        {
            var members = BitOperations.PopCount(_words[word]);
            if (rank < members)
            {
                var bits = _words[word];
                for (; rank > 0; rank--)
                {
                    bits &= bits - 1;
                }
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
            rank -= members;
        }
    }
}
