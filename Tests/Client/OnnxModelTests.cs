using OrleansEdge.Client.Runs.Onnx;
using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Client;

public class OnnxModelTests
{
    public static TheoryData<string> Models => [.. ModelCatalog.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_graph_answers_what_the_model_answers(string name)
    {
        var model = ModelCatalog.Create(name);
        var parameters = SafeTensorsTests.Parameters(model);
        using var file = new MemoryStream();
        OnnxModel.Write(file, model, parameters, "1.2.3");
        var onnx = new OnnxInterpreter(file.ToArray());
        Assert.Equal((7, 13), (onnx.IrVersion, onnx.OperatorSet));
        Assert.Equal(["pixels"], onnx.Inputs);
        Assert.Equal(["logits", "probabilities"], onnx.Outputs);

        var examples = new DataCatalog([]).Open("synthetic:3x3").Train;
        var (features, labels) = (new float[model.InputLength], new int[1]);
        var logits = new float[model.ClassCount];
        for (var example = 0; example < examples.Count; example++)
        {
            examples.CopyBatch([example], features, labels);
            model.Predict(parameters, features, logits);
            var pixels = examples.Pixels(example).ToArray().Select(pixel => (float)pixel).ToArray();
            var theirs = onnx.Run(pixels, "logits");
            Assert.All(
                logits.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * (1 + Math.Abs(pair.First))));
            Assert.Equal(1, onnx.Run(pixels, "probabilities").Sum(), 5);
        }
    }

    [Fact]
    public void A_blank_image_gives_finite_answers()
    {
        var model = ModelCatalog.Create("logreg");
        using var file = new MemoryStream();
        OnnxModel.Write(file, model, SafeTensorsTests.Parameters(model), "1");
        Assert.All(
            new OnnxInterpreter(file.ToArray()).Run(new float[model.InputLength], "logits"),
            value => Assert.True(float.IsFinite(value)));
    }
}
