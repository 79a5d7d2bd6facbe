using System.Globalization;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Models;

public sealed class ModelTests
{
    public static TheoryData<string> Models() => new(ModelCatalog.Names);

    [Theory]
    [InlineData("cnn", 211_690)]
    [InlineData("cnn64", 421_642)]
    [InlineData("mlp", 118_282)]
    [InlineData("logreg", 7_850)]
    public void Models_have_the_published_number_of_parameters(string name, int expected)
    {
        var model = ModelCatalog.Create(name);
        Assert.Equal((name, expected), (model.Name, model.ParameterCount));
        var offset = 0;
        foreach (var block in model.ParameterBlocks)
        {
            Assert.Equal(offset, block.Offset);
            offset += block.Length;
        }
        Assert.Equal(expected, offset);
    }

    [Fact]
    public void The_blocks_of_the_cnn_stand_in_the_order_of_its_layers() =>
        Assert.Equal(
            ["conv1.weight 288", "conv1.bias 32", "conv2.weight 9216", "conv2.bias 32", "dense1.weight 200704",
                "dense1.bias 128", "dense2.weight 1280", "dense2.bias 10"],
            ModelCatalog.Create("cnn").ParameterBlocks.Select(block => $"{block.Name} {block.Length}"));

    [Theory]
    [InlineData("cnn", (4 * 225_792) + (6 * 1_806_336) + (6 * (200_704 + 1_280)))]
    [InlineData("cnn64", (4 * 225_792) + (6 * 3_612_672) + (6 * (401_408 + 1_280)))]
    [InlineData("mlp", (4 * 784 * 128) + (6 * ((128 * 128) + 1_280)))]
    [InlineData("logreg", 4 * 7_840)]
    public void Operations_are_those_of_the_multiply_adds(string name, double expected) =>
        Assert.Equal(expected, ModelCatalog.Create(name).FloatingPointOperationsPerExample);

    [Fact]
    public void An_unknown_model_is_a_usage_error_that_lists_the_known_ones()
    {
        var error = Assert.Throws<OrleansEdgeException>(() => ModelCatalog.Create("resnet"));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal("model 'resnet' is unknown; expected one of cnn, cnn64, mlp, logreg", error.Message);
    }

    [Theory]
    [InlineData("784")]
    [InlineData("784,1")]
    [InlineData("0,10")]
    [InlineData("784,-1,10")]
    public void Layer_sizes_out_of_range_are_refused(string sizes) =>
        Assert.Throws<ArgumentException>(() => ModelCatalog.CreatePerceptron(
            "p", sizes.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray()));

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_allocates_nothing_and_neither_does_a_prediction(string name)
    {
        var model = ModelCatalog.Create(name);
        var fixture = new ModelFixture(model, 10);
        var output = new float[10 * model.ClassCount];
        // A collection on behalf of another thread can add to the count; the least of several rounds has none.
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => AllocatedBytes()).ToArray().Min());

        long AllocatedBytes()
        {
            fixture.Step(model);
            model.Predict(fixture.Parameters, fixture.Inputs, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 3; i++)
            {
                fixture.Step(model);
                model.Predict(fixture.Parameters, fixture.Inputs, output);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_was_computed_before_does_not_matter(string name)
    {
        var (used, fresh) = (ModelCatalog.Create(name), ModelCatalog.Create(name));
        foreach (var batch in new[] { 12, 3, 20 })
        {
            new ModelFixture(used, batch, seed: 9).Step(used);
        }
        var (left, right) = (new ModelFixture(used, 7), new ModelFixture(fresh, 7));
        Assert.Equal(left.Step(used), right.Step(fresh));
        Assert.Equal(left.Gradient, right.Gradient);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Where_the_vectors_lie_in_memory_does_not_matter(string name)
    {
        var model = ModelCatalog.Create(name);
        var fixture = new ModelFixture(model, 5);
        var loss = fixture.Step(model);
        float[] parameters = [0, .. fixture.Parameters], inputs = [0, 0, 0, .. fixture.Inputs];
        var gradient = new float[model.ParameterCount + 7];
        var moved = model.LossAndGradient(
            parameters.AsSpan(1), inputs.AsSpan(3), fixture.Labels, gradient.AsSpan(5..^2));
        Assert.Equal(loss, moved);
        Assert.Equal(fixture.Gradient, gradient[5..^2]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0], [.. gradient[..5], .. gradient[^2..]]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_long_prediction_equals_many_short_ones(string name)
    {
        var model = ModelCatalog.Create(name);
        var fixture = new ModelFixture(model, 47);
        var together = fixture.Predict(model);
        var one = new float[model.ClassCount];
        for (var n = 0; n < 47; n++)
        {
            model.Predict(fixture.Parameters, fixture.Inputs.AsSpan(n * model.InputLength, model.InputLength), one);
            Assert.Equal(one, together[(n * model.ClassCount)..((n + 1) * model.ClassCount)]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Initial_parameters_depend_on_the_seed_alone(string name)
    {
        var model = ModelCatalog.Create(name);
        var (first, second, other) = (Draw(5), Draw(5), Draw(6));
        Assert.Equal(first, second);
        Assert.Equal(name == "logreg", first.SequenceEqual(other));

        float[] Draw(ulong seed)
        {
            var random = new RandomStream(seed, "initial");
            var parameters = new float[model.ParameterCount];
            model.Initialize(parameters, ref random);
            return parameters;
        }
    }

    [Fact]
    public void Weights_start_as_a_truncated_normal_and_biases_at_a_tenth()
    {
        var model = ModelCatalog.Create("cnn");
        var random = new RandomStream(3, "initial");
        var parameters = new float[model.ParameterCount];
        model.Initialize(parameters, ref random);
        foreach (var block in model.ParameterBlocks)
        {
            var values = parameters.AsSpan(block.Offset, block.Length).ToArray();
            if (block.Name.EndsWith("bias", StringComparison.Ordinal))
            {
                Assert.All(values, value => Assert.Equal(0.1f, value));
                continue;
            }
            Assert.All(values, value => Assert.InRange(value, -0.2f, 0.2f));
            // A normal truncated at two deviations has 0.8796 of the deviation.
            var deviation = Math.Sqrt(values.Average(value => value * value));
            var slack = 4 / Math.Sqrt(values.Length);
            Assert.InRange(deviation / 0.08796, 1 - slack, 1 + slack);
        }
    }

    [Theory]
    [InlineData("cnn", 0.01f, 60)]
    [InlineData("mlp", 0.05f, 200)]
    [InlineData("logreg", 0.05f, 200)]
    public void Gradient_descent_learns_a_small_batch_by_heart(string name, float rate, int steps)
    {
        var model = ModelCatalog.Create(name);
        var fixture = new ModelFixture(model, 10);
        var random = new RandomStream(4, "initial");
        model.Initialize(fixture.Parameters, ref random);
        var first = fixture.Step(model);
        for (var step = 0; step < steps; step++)
        {
            fixture.Step(model);
            for (var i = 0; i < fixture.Parameters.Length; i++)
            {
                fixture.Parameters[i] -= rate * fixture.Gradient[i];
            }
        }
        var last = fixture.Step(model);
        Assert.True(last < 0.1f * first, $"loss {first} fell to {last} only");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_parameter_that_is_not_a_number_shows_in_the_loss(string name)
    {
        var model = ModelCatalog.Create(name);
        var fixture = new ModelFixture(model, 3);
        fixture.Parameters[0] = float.NaN;
        Assert.Equal(float.NaN, fixture.Step(model));
    }

    [Fact]
    public void Vectors_of_a_wrong_length_are_refused_by_name_length_and_expectation()
    {
        var model = ModelCatalog.Create("cnn");
        var fixture = new ModelFixture(model, 2);
        Refused("parameters", "211689 elements; expected 211690", () =>
            model.LossAndGradient(fixture.Parameters.AsSpan(1), fixture.Inputs, fixture.Labels, fixture.Gradient));
        Refused("gradient", "211689 elements; expected 211690", () =>
            model.LossAndGradient(fixture.Parameters, fixture.Inputs, fixture.Labels, fixture.Gradient.AsSpan(1)));
        Refused("inputs", "1567 elements; expected 1568", () =>
            model.LossAndGradient(fixture.Parameters, fixture.Inputs.AsSpan(1), fixture.Labels, fixture.Gradient));
        Refused("labels", "the batch is empty", () =>
            model.LossAndGradient(fixture.Parameters, [], [], fixture.Gradient));
        Refused("output", "19 elements; expected 10", () =>
            model.Predict(fixture.Parameters, fixture.Inputs, new float[19]));
        Refused("inputs", "1568 elements; expected 784", () =>
            model.Predict(fixture.Parameters, fixture.Inputs, new float[10]));
        var random = new RandomStream(1, "initial");
        Refused("parameters", "3 elements; expected 211690", () => model.Initialize(new float[3], ref random));

        static void Refused(string parameter, string message, Action call)
        {
            var error = Assert.Throws<ArgumentException>(call);
            Assert.Equal(parameter, error.ParamName);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void A_label_out_of_range_is_refused(int label)
    {
        var model = ModelCatalog.Create("logreg");
        var fixture = new ModelFixture(model, 3);
        fixture.Labels[1] = label;
        var error = Assert.Throws<ArgumentException>(() => fixture.Step(model));
        Assert.StartsWith($"logreg: label {label} of example 1 is out of range; expected 0 to 9", error.Message);
    }
}
