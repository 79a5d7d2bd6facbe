using OrleansEdge.Core.Models;

namespace OrleansEdge.Core.Compression;

/// <summary>
/// Selects the largest entries of a gradient: of each parameter block of n entries the k = max(1, floor(c n))
/// largest in absolute value (the AdaComp paper's selection per matrix and vector, section IV.b), exactly, the
/// lowest index first among equals. It takes linear time, allocates nothing, and belongs to one caller at a time.
/// </summary>
public sealed class GradientSelector
{
    private readonly Block[] _blocks;
    private readonly int _parameterCount;
    private readonly LargestEntries _largest = new();

    /// <param name="blocks">The blocks of the vector, in order and without gaps.</param>
    /// <param name="density">The share c of the entries that is selected, in (0, 1].</param>
    /// <exception cref="OrleansEdgeException">The density is outside (0, 1] (64).</exception>
    public GradientSelector(IEnumerable<ParameterBlock> blocks, double density)
    {
        if (density is not (> 0 and <= 1))
        {
            throw OrleansEdgeException.Usage(FormattableString.Invariant(
                $"compression is {density}; expected a share above 0 and at most 1"));
        }
        _blocks = [.. blocks.Select(block => new Block(block.Offset, block.Length, SelectedOf(block.Length, density)))];
        _parameterCount = _blocks.Sum(block => block.Length);
        SelectedCount = _blocks.Sum(block => block.Selected);
    }

    private readonly record struct Block(int Offset, int Length, int Selected);

    /// <summary>Entries that every selection has.</summary>
    public int SelectedCount { get; }

    /// <summary>max(1, floor(density length)).</summary>
    public static int SelectedOf(int length, double density) => Math.Max(1, (int)Math.Floor(density * length));

    /// <summary>Fills <paramref name="selection"/> with the selected entries.</summary>
    /// <param name="gradient">[parameters of all blocks].</param>
    /// <param name="selection">Gets the entries in place of those it had.</param>
    /// <exception cref="OrleansEdgeException">An entry is NaN or infinite (65).</exception>
    public void Select(ReadOnlySpan<float> gradient, SparseUpdate selection)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, _parameterCount);
        selection.Clear();
        selection.Reserve(SelectedCount + 1);
        var count = 0;
        foreach (var block in _blocks)
        {
            var entries = gradient.Slice(block.Offset, block.Length);
            _largest.Select(
                entries, block.Selected, block.Offset, selection.IndexBuffer[count..], selection.ValueBuffer[count..]);
            count += block.Selected;
        }
        selection.SetCount(count);
    }
}
