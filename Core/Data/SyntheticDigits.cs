using System.Numerics;

namespace OrleansEdge.Core.Data;

/// <summary>
/// Handwritten digits drawn by code, 28 x 28 grey pixels, bright on dark: pen strokes in several styles, shaky,
/// warped, slanted, turned, moved and scaled, with pens of many widths, uneven paper, noise, specks and scratches.
/// Pixels alone tell little about the digit, so that a linear model stays clearly below a convolutional one. Example
/// i of a stream depends on the seed, the stream's name and i alone: any range can be made on any thread. Safe for
/// many threads.
/// </summary>
/// <param name="seed">Decides everything.</param>
/// <param name="part">Names the stream, such as "train"; streams differ but follow one distribution.</param>
public sealed class SyntheticDigits(ulong seed, string part)
{
    public const int Side = DigitCanvas.Side, PixelCount = Side * Side, ClassCount = 10;

    private const int RangeLength = 500, SegmentsPerSpan = 4, MaximumSpecks = 3, LongestStroke = 20;
    private const double ScratchProbability = 0.3;
    private readonly string _purpose = $"synthetic-digits/{part}";

    /// <summary>Makes the first <paramref name="count"/> examples.</summary>
    /// <param name="name">Shown in reports.</param>
    /// <param name="forEach">
    /// Runs a body for 0 to n-1, in any order and on any threads; one after the other when null.
    /// </param>
    public ExampleSet Create(string name, int count, Action<int, Action<int>>? forEach = null)
    {
        var (pixels, labels) = (new byte[count * PixelCount], new byte[count]);
        var ranges = (count + RangeLength - 1) / RangeLength;
        (forEach ?? OneByOne)(ranges, range =>
        {
            var first = range * RangeLength;
            var length = Math.Min(RangeLength, count - first);
            Fill(first, pixels.AsSpan(first * PixelCount, length * PixelCount), labels.AsSpan(first, length));
        });
        return new(name, pixels, labels, PixelCount, ClassCount);
    }

    /// <summary>Makes the examples from <paramref name="first"/> on, as many as there are labels.</summary>
    /// <param name="pixels">[labels x <see cref="PixelCount"/>], overwritten.</param>
    /// <param name="labels">Overwritten, 0 to 9, each as likely.</param>
    public void Fill(int first, Span<byte> pixels, Span<byte> labels)
    {
        Span<float> ink = stackalloc float[DigitCanvas.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var random = new RandomStream(seed, _purpose, (ulong)(first + i));
            var digit = random.NextInt(ClassCount);
            ink.Clear();
            DrawDigit(new(ink), digit, ref random);
            DrawBlemishes(new(ink), ref random);
            Expose(ink, pixels.Slice(i * PixelCount, PixelCount), ref random);
            labels[i] = (byte)digit;
        }
    }

    private static void OneByOne(int count, Action<int> body)
    {
        for (var i = 0; i < count; i++)
        {
            body(i);
        }
    }

    private static void DrawDigit(DigitCanvas canvas, int digit, ref RandomStream random)
    {
        var styles = DigitSkeletons.Styles[digit];
        var strokes = styles[random.NextInt(styles.Length)];
        var hand = new Hand(ref random);
        Span<Vector2> points = stackalloc Vector2[LongestStroke];
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < stroke.PointCount; i++)
            {
                points[i] = hand.Place(stroke.Points[2 * i], stroke.Points[(2 * i) + 1], ref random);
            }
            DrawStroke(canvas, points[..stroke.PointCount], stroke.Closed, hand);
        }
    }

    /// <summary>A uniform Catmull-Rom spline through the points.</summary>
    private static void DrawStroke(DigitCanvas canvas, ReadOnlySpan<Vector2> points, bool closed, in Hand hand)
    {
        var count = points.Length;
        var spans = closed ? count : count - 1;
        var from = points[0];
        for (var span = 0; span < spans; span++)
        {
            var (p1, p2) = (points[span], points[(span + 1) % count]);
            var p0 = span > 0 ? points[span - 1] : closed ? points[count - 1] : p1;
            var p3 = closed || span + 2 < count ? points[(span + 2) % count] : p2;
            for (var step = 1; step <= SegmentsPerSpan; step++)
            {
                var to = CatmullRom(p0, p1, p2, p3, (float)step / SegmentsPerSpan);
                canvas.Draw(from, to, hand.Radius(from), hand.Edge, level: 1);
                from = to;
            }
        }
    }

    private static Vector2 CatmullRom(Vector2 p0, Vector2 p1, Vector2 p2, Vector2 p3, float t)
    {
        var linear = (p2 - p0) * t;
        var square = ((2 * p0) - (5 * p1) + (4 * p2) - p3) * (t * t);
        var cube = ((3 * p1) - p0 - (3 * p2) + p3) * (t * t * t);
        return p1 + ((linear + square + cube) * 0.5f);
    }

    /// <summary>Specks and stray strokes anywhere, and at times a scratch through the digit.</summary>
    private static void DrawBlemishes(DigitCanvas canvas, ref RandomStream random)
    {
        if (random.NextDouble() < ScratchProbability)
        {
            var middle = new Vector2(random.Between(8, 19), random.Between(8, 19));
            var half = Direction(ref random) * random.Between(3, 6);
            canvas.Erase(middle - half, middle + half, random.Between(0.5f, 1), edge: 1);
        }
        for (var i = random.NextInt(MaximumSpecks + 1); i > 0; i--)
        {
            var from = new Vector2(random.Between(0, Side - 1), random.Between(0, Side - 1));
            var to = from + (Direction(ref random) * random.Between(0, 5));
            canvas.Draw(from, to, random.Between(0.4f, 1), edge: 1, level: random.Between(0.3f, 1));
        }
    }

    private static Vector2 Direction(ref RandomStream random)
    {
        var (sine, cosine) = MathF.SinCos(random.Between(0, 2 * MathF.PI));
        return new(cosine, sine);
    }

    /// <summary>Turns ink into bytes: contrast, uneven paper and noise.</summary>
    private static void Expose(ReadOnlySpan<float> ink, Span<byte> pixels, ref RandomStream random)
    {
        var paper = random.Between(0, 0.25f);
        var contrast = random.Between(0.5f, 1) * (1 - paper);
        var (right, down) = (random.Between(-0.2f, 0.2f) / Side, random.Between(-0.2f, 0.2f) / Side);
        // The sum of four uniform bytes has mean 510 and deviation 147.8: near enough to a normal number.
        var noise = random.Between(0.01f, 0.06f) / 147.8f;
        var bits = 0UL;
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                bits = (column & 1) == 0 ? random.NextUInt64() : bits >> 32;
                var sum = (int)((bits & 0xFF) + ((bits >> 8) & 0xFF) + ((bits >> 16) & 0xFF) + ((bits >> 24) & 0xFF));
                var value = paper + (right * (column - (Side / 2))) + (down * (row - (Side / 2)))
                    + (contrast * ink[(row * DigitCanvas.Stride) + column]) + (noise * (sum - 510));
                pixels[(row * Side) + column] = (byte)Math.Clamp((value * 255) + 0.5f, 0, 255);
            }
        }
    }
}
