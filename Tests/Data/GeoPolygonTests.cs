using OrleansEdge.Core;
using OrleansEdge.Core.Data;

namespace OrleansEdge.Tests.Data;

public sealed class GeoPolygonTests
{
    /// <summary>A triangle is the points on the same side of its three edges.</summary>
    [Fact]
    public void A_point_is_in_a_triangle_when_it_is_on_one_side_of_all_edges() => AnySeed.Satisfies(50, seed =>
    {
        var random = new RandomStream(seed, "test.triangle");
        GeoPoint[] corners = [Draw(ref random), Draw(ref random), Draw(ref random)];
        var triangle = new GeoPolygon("triangle", corners);
        var inside = 0;
        for (var i = 0; i < 200; i++)
        {
            var point = Draw(ref random);
            bool[] sides = [Side(corners[0], corners[1]), Side(corners[1], corners[2]), Side(corners[2], corners[0])];
            var expected = sides.Distinct().Count() == 1;
            Assert.Equal(expected, triangle.Contains(point));
            inside += expected ? 1 : 0;

            bool Side(GeoPoint from, GeoPoint to) =>
                (to.LongitudeDegrees - from.LongitudeDegrees) * (point.LatitudeDegrees - from.LatitudeDegrees)
                > (to.LatitudeDegrees - from.LatitudeDegrees) * (point.LongitudeDegrees - from.LongitudeDegrees);
        }
        Assert.InRange(inside, 0, 150);
    });

    [Fact]
    public void A_polygon_may_have_a_dent_and_may_repeat_its_first_corner()
    {
        var arrow = new GeoPolygon("arrow", [new(0, 0), new(4, 2), new(0, 4), new(1, 2), new(0, 0)]);
        Assert.Equal(4, arrow.Corners.Length);
        Assert.True(arrow.Contains(new(2, 2)));
        Assert.False(arrow.Contains(new(0.5, 2))); // in the dent
        Assert.True(arrow.Contains(new(0.5, 0.9)));
        Assert.False(arrow.Contains(new(2, 0.9)));
    }

    private static GeoPoint Draw(ref RandomStream random) => new(10 * random.NextDouble(), 10 * random.NextDouble());
}
