using OrleansEdge.Silo.Placement;

namespace OrleansEdge.Tests.Cluster;

public sealed class PlacementPolicyTests
{
    [Theory]
    [InlineData(new double[] { 1, 1, 1 }, 60, new[] { 20, 20, 20 })]
    [InlineData(new double[] { 1, 1, 1 }, 4, new[] { 2, 1, 1 })]
    [InlineData(new double[] { 2, 1, 1 }, 60, new[] { 30, 15, 15 })]
    [InlineData(new double[] { 1 }, 7, new[] { 7 })]
    [InlineData(new double[] { 0.5, 4.5 }, 10, new[] { 1, 9 })]
    public void Grains_are_spread_in_proportion_to_capacity(double[] capacities, int grains, int[] expected)
    {
        var counts = new int[capacities.Length];
        for (var i = 0; i < grains; i++)
        {
            counts[SpreadPolicy.Choose(capacities, i)]++;
        }
        Assert.Equal(expected, counts);
    }

    [Fact]
    public void No_silo_ever_lacks_a_whole_grain()
    {
        double[] capacities = [1, 2.5, 0.7, 4];
        var counts = new int[capacities.Length];
        for (var i = 0; i < 500; i++)
        {
            counts[SpreadPolicy.Choose(capacities, i)]++;
            for (var s = 0; s < capacities.Length; s++)
            {
                Assert.InRange(counts[s] - (capacities[s] * (i + 1) / capacities.Sum()), -2, 2);
            }
        }
    }

    [Theory]
    [InlineData("job/shard/3", "job/shard", 3, null, 0)]
    [InlineData("job/replica/3", "job/shard", 3, null, 1)]
    [InlineData("job/worker/12@north", "job/worker", 12, "north", 0)]
    public void A_key_says_where_its_grain_belongs(string key, string family, int number, string? site, int shift)
    {
        var parsed = PlacementKey.Parse(key);
        Assert.Equal((family, number, site, shift), (parsed.Family, parsed.Number, parsed.Site, parsed.Shift));
    }

    [Fact]
    public void A_key_without_number_has_one_by_its_name()
    {
        var parsed = PlacementKey.Parse("job");
        Assert.Equal(PlacementKey.Parse("job").Number, parsed.Number);
        Assert.InRange(parsed.Number, 0, 0xffff);
    }
}
