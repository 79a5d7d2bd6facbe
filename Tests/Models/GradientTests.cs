using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Models.Simd;

namespace OrleansEdge.Tests.Models;

public sealed class GradientTests
{
    public static TheoryData<string, int> ModelsAndBatches() =>
        new(from model in ModelCatalog.Names from batch in new[] { 1, 3, 10, 16, 32 } select (model, batch));

    [Theory]
    [InlineData("cnn", 20)]
    [InlineData("cnn64", 10)]
    [InlineData("mlp", 100)]
    [InlineData("logreg", 100)]
    public void The_reference_gradient_matches_central_differences(string name, int samples)
    {
        const double Step = 1e-6;
        var model = ModelCatalog.Create(name);
        var (fixture, reference) = (new ModelFixture(model, 2), new ReferenceNetwork(model));
        var parameters = fixture.ParametersInDouble;
        var gradient = reference.Gradient(parameters, fixture.Inputs, fixture.Labels);
        var random = new RandomStream(2, "samples");
        for (var i = 0; i < samples; i++)
        {
            // Even samples follow one parameter of each block in turn, odd ones a direction through all of them.
            var block = model.ParameterBlocks[i / 2 % model.ParameterBlocks.Length];
            var direction = new double[parameters.Length];
            direction[block.Offset + random.NextInt(block.Length)] = 1;
            if (i % 2 == 1)
            {
                direction = Array.ConvertAll(direction, _ => 0.01 * random.NextNormal());
            }
            var slope = (Along(direction, Step) - Along(direction, -Step)) / (2 * Step);
            var expected = gradient.Zip(direction, (left, right) => left * right).Sum();
            Assert.True(
                Math.Abs(slope - expected) <= 1e-6 + (1e-5 * Math.Abs(expected)),
                $"{name}, sample {i} ({block.Name}): central difference {slope}, gradient {expected}");
        }

        double Along(double[] direction, double step) => reference.Loss(
            parameters.Zip(direction, (value, slope) => value + (step * slope)).ToArray(), fixture.Inputs,
            fixture.Labels);
    }

    [Theory]
    [MemberData(nameof(ModelsAndBatches))]
    public void Loss_logits_and_gradient_match_the_reference(string name, int batch) =>
        AssertMatchesReference(ModelCatalog.Create(name), batch, name);

    [Theory]
    [MemberData(nameof(ModelsAndBatches))]
    public void Every_simd_path_gives_the_bits_of_the_scalar_path(string name, int batch)
    {
        var (scalar, expected) = Run(ModelCatalog.Create(name, SimdPath.Scalar), batch);
        foreach (var path in new[] { SimdPath.Vector256, SimdPath.Vector512 })
        {
            var (loss, fixture) = Run(ModelCatalog.Create(name, path), batch);
            Assert.Equal(scalar, loss);
            Assert.Equal(expected.Gradient, fixture.Gradient);
            Assert.Equal(expected.Predict(ModelCatalog.Create(name, SimdPath.Scalar)),
                fixture.Predict(ModelCatalog.Create(name, path)));
        }

        static (float Loss, ModelFixture Fixture) Run(IModel model, int batch)
        {
            var fixture = new ModelFixture(model, batch);
            return (fixture.Step(model), fixture);
        }
    }

    [Fact]
    public void Perceptrons_of_any_size_match_the_reference_and_agree_between_paths()
    {
        var sizes = Gen.Choose(1, 70).ArrayOf(3).Zip(Gen.Choose(1, 12)).ToArbitrary();
        Prop.ForAll(sizes, choice =>
        {
            var (drawn, batch) = choice;
            int[] layers = [drawn[0], drawn[1], drawn[2] + 1];
            var what = $"sizes {string.Join('-', layers)}, batch {batch}";
            var scalar = Gradient(SimdPath.Scalar);
            Assert.Equal(scalar, Gradient(SimdPath.Vector256));
            Assert.Equal(scalar, Gradient(SimdPath.Vector512));

            float[] Gradient(SimdPath path) =>
                AssertMatchesReference(ModelCatalog.CreatePerceptron("p", layers, path), batch, what).Gradient;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData(SimdPath.Scalar)]
    [InlineData(SimdPath.Vector256)]
    [InlineData(SimdPath.Vector512)]
    public void Blank_images_whose_pooling_windows_tie_match_the_reference(SimdPath path)
    {
        var model = ModelCatalog.Create("cnn", path);
        var (fixture, reference) = (new ModelFixture(model, 4), new ReferenceNetwork(model));
        Array.Fill(fixture.Inputs, 0.75f);
        fixture.Step(model);
        var expected = reference.Gradient(fixture.ParametersInDouble, fixture.Inputs, fixture.Labels);
        AssertClose(expected, fixture.Gradient, model, "blank");
    }

    /// <summary>Runs one step and one prediction and compares every number.</summary>
    private static ModelFixture AssertMatchesReference(IModel model, int batch, string what)
    {
        var (fixture, reference) = (new ModelFixture(model, batch), new ReferenceNetwork(model));
        var parameters = fixture.ParametersInDouble;
        Assert.Equal(reference.Loss(parameters, fixture.Inputs, fixture.Labels), fixture.Step(model), 1e-4);
        AssertClose(reference.Gradient(parameters, fixture.Inputs, fixture.Labels), fixture.Gradient, model, what);
        var logits = fixture.Predict(model);
        for (var n = 0; n < batch; n++)
        {
            var input = fixture.Inputs.AsSpan(n * model.InputLength, model.InputLength);
            var expected = reference.Logits(parameters, input);
            for (var k = 0; k < model.ClassCount; k++)
            {
                Assert.Equal(expected[k], logits[(n * model.ClassCount) + k], 1e-4);
            }
        }
        return fixture;
    }

    /// <summary>Every element within 1e-4 of the largest of its block.</summary>
    private static void AssertClose(double[] expected, float[] actual, IModel model, string what)
    {
        foreach (var block in model.ParameterBlocks)
        {
            var range = Enumerable.Range(block.Offset, block.Length);
            var tolerance = 1e-4 * range.Max(i => Math.Abs(expected[i])) + 1e-9;
            var worst = range.MaxBy(i => Math.Abs(expected[i] - actual[i]));
            Assert.True(
                Math.Abs(expected[worst] - actual[worst]) <= tolerance,
                $"{what}: {block.Name}[{worst - block.Offset}] is {actual[worst]}, "
                + $"expected {expected[worst]} within {tolerance}");
        }
    }
}
