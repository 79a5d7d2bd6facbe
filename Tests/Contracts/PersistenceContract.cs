namespace OrleansEdge.Tests.Contracts;

/// <summary>Persistent states.</summary>
public abstract class PersistenceContract : GrainContract
{
    [Fact]
    public Task A_state_that_was_never_written_is_new() => Run(async grains =>
    {
        var keeper = grains.Get<IKeeper>("new");
        Assert.False(await keeper.Exists());
        Assert.Equal("", await keeper.Items());
    });

    [Fact]
    public Task What_was_written_is_read_and_what_was_not_is_gone() => Run(async grains =>
    {
        var keeper = grains.Get<IKeeper>("written");
        await keeper.Add("a");
        await keeper.Add("b");
        await keeper.Scribble("c");
        Assert.Equal("a b c", await keeper.Items());
        Assert.Equal("a b", await keeper.Reload());
        Assert.True(await keeper.Exists());
    });

    [Fact]
    public Task Every_write_has_an_entity_tag_of_its_own() => Run(async grains =>
    {
        var keeper = grains.Get<IKeeper>("tagged");
        await keeper.Add("a");
        var first = await keeper.Etag();
        await keeper.Add("b");
        var second = await keeper.Etag();
        Assert.False(string.IsNullOrEmpty(first));
        Assert.False(string.IsNullOrEmpty(second));
        Assert.NotEqual(first, second);
        await keeper.Reload();
        Assert.Equal(second, await keeper.Etag());
    });

    [Fact]
    public Task A_cleared_state_is_new_again() => Run(async grains =>
    {
        var keeper = grains.Get<IKeeper>("cleared");
        await keeper.Add("a");
        await keeper.Clear();
        Assert.Equal("", await keeper.Reload());
        Assert.False(await keeper.Exists());
        Assert.Equal(1, await keeper.Add("b"));
    });
}
