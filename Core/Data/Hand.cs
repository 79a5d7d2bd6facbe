using System.Numerics;

namespace OrleansEdge.Core.Data;

/// <summary>
/// One writing of one digit: size, slant, turn, place, pen, and a smooth warp of the paper made of a few plane waves
/// (the smooth displacement fields of Simard, Steinkraus, Platt, ICDAR 2003, applied to the strokes in place of the
/// pixels).
/// </summary>
internal readonly struct Hand
{
    private const float Middle = (DigitCanvas.Side - 1) / 2f;
    private const float ShakePixels = 0.4f, WavePixels = 0.55f, PlacePixels = 2.3f;

    private readonly Matrix3x2 _toCanvas;
    private readonly Wave _first, _second, _third;
    private readonly float _radius, _pressureSwing, _pressurePhase;

    public Hand(ref RandomStream random)
    {
        var height = random.Between(15.5f, 21);
        var width = height * DigitSkeletons.Width / DigitSkeletons.Height * random.Between(0.8f, 1.25f);
        var slant = Math.Clamp(0.15f * (float)random.NextNormal(), -0.45f, 0.45f);
        var turn = Math.Clamp(0.1f * (float)random.NextNormal(), -0.3f, 0.3f);
        var place = new Vector2(random.Between(-1, 1), random.Between(-1, 1)) * PlacePixels;
        _toCanvas = Matrix3x2.CreateTranslation(-DigitSkeletons.Width / 2, -DigitSkeletons.Height / 2)
            * Matrix3x2.CreateScale(width / DigitSkeletons.Width, height / DigitSkeletons.Height)
            * new Matrix3x2(1, 0, -slant, 1, 0, 0)
            * Matrix3x2.CreateRotation(turn)
            * Matrix3x2.CreateTranslation(place + new Vector2(Middle));
        (_first, _second, _third) = (new(ref random), new(ref random), new(ref random));
        _radius = random.Between(0.7f, 1.8f) * height / 18;
        (_pressureSwing, _pressurePhase) = (random.Between(0, 0.3f), random.Between(0, 2 * MathF.PI));
        Edge = random.Between(0.8f, 1.6f);
    }

    /// <summary>Pixels over which the pen's edge fades.</summary>
    public float Edge { get; }

    /// <summary>Where a skeleton's point comes to lie, in pixels, after the shaking of the hand.</summary>
    public Vector2 Place(float x, float y, ref RandomStream random)
    {
        var point = Vector2.Transform(new(x, y), _toCanvas);
        var shake = ShakePixels * new Vector2((float)random.NextNormal(), (float)random.NextNormal());
        return point + shake + _first.At(point) + _second.At(point) + _third.At(point);
    }

    /// <summary>The pen's radius there, in pixels.</summary>
    public float Radius(Vector2 point) =>
        _radius * (1 + (_pressureSwing * MathF.Sin(_pressurePhase + (0.35f * (point.X + point.Y)))));

    /// <summary>
    /// A displacement in one direction that varies as a sine along another, of 11 pixels' wavelength or more.
    /// </summary>
    private readonly struct Wave
    {
        private readonly Vector2 _displacement, _frequency;
        private readonly float _phase;

        public Wave(ref RandomStream random)
        {
            _displacement = WavePixels * new Vector2((float)random.NextNormal(), (float)random.NextNormal());
            _frequency = new(random.Between(-0.4f, 0.4f), random.Between(-0.4f, 0.4f));
            _phase = random.Between(0, 2 * MathF.PI);
        }

        public Vector2 At(Vector2 point) => _displacement * MathF.Sin(_phase + Vector2.Dot(_frequency, point));
    }
}

internal static class RandomStreamExtensions
{
    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>), up to rounding.</summary>
    public static float Between(this ref RandomStream random, float low, float high) =>
        low + ((high - low) * (float)random.NextDouble());
}
