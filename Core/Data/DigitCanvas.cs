using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Ink on a grid of pixels, 0 to 1, with pens of round tip and soft edge. Pixel centres lie at whole coordinates. The
/// same operations in the same order on every machine (no fused multiply-add), so that the ink is the same too.
/// </summary>
/// <param name="ink">
/// [<see cref="Side"/> x <see cref="Stride"/>]; columns from <see cref="Side"/> on are padding.
/// </param>
internal readonly ref struct DigitCanvas(Span<float> ink)
{
    public const int Side = 28, Stride = 32, Length = Side * Stride;

    private readonly Span<float> _ink = ink;

    /// <summary>Draws over what is there: the stronger ink stays.</summary>
    public void Draw(Vector2 from, Vector2 to, float radius, float edge, float level) =>
        Sweep(from, to, radius, edge, level, erase: false);

    /// <summary>Takes the ink off along a line.</summary>
    public void Erase(Vector2 from, Vector2 to, float radius, float edge) =>
        Sweep(from, to, radius, edge, level: 1, erase: true);

    private void Sweep(Vector2 from, Vector2 to, float radius, float edge, float level, bool erase)
    {
        var reach = radius + (edge / 2);
        var low = Vector2.Min(from, to) - new Vector2(reach);
        var high = Vector2.Max(from, to) + new Vector2(reach);
        var (firstRow, lastRow) = (Math.Max((int)MathF.Ceiling(low.Y), 0), Math.Min((int)high.Y, Side - 1));
        var width = Vector256<float>.Count;
        var firstColumn = Math.Max((int)MathF.Ceiling(low.X), 0) / width * width;
        var lastColumn = Math.Min((int)high.X, Side - 1);
        var along = to - from;
        var inverse = 1 / Math.Max(along.LengthSquared(), 1e-12f);
        var (sharpness, offset) = (1 / edge, 0.5f + (radius / edge));
        for (var row = firstRow; row <= lastRow; row++)
        {
            var y = row - from.Y;
            for (var column = firstColumn; column <= lastColumn; column += width)
            {
                ref var cell = ref MemoryMarshal.GetReference(_ink.Slice((row * Stride) + column, width));
                var x = Vector256.CreateSequence(column - from.X, 1f);
                var t = ((x * along.X) + Vector256.Create(y * along.Y)) * inverse;
                t = Vector256.Min(Vector256.Max(t, Vector256<float>.Zero), Vector256<float>.One);
                var (dx, dy) = (x - (t * along.X), Vector256.Create(y) - (t * along.Y));
                var distance = Vector256.Sqrt((dx * dx) + (dy * dy));
                var cover = Vector256.Create(offset) - (distance * sharpness);
                cover = Vector256.Min(Vector256.Max(cover, Vector256<float>.Zero), Vector256<float>.One) * level;
                var there = Vector256.LoadUnsafe(ref cell);
                var result = erase ? Vector256.Min(there, Vector256<float>.One - cover) : Vector256.Max(there, cover);
                result.StoreUnsafe(ref cell);
            }
        }
    }
}
