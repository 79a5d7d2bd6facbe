using OrleansEdge.Client.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Client.Reproduction;

/// <summary>One line of a paper's figure or table.</summary>
/// <param name="Name">Stands in legends and tables.</param>
/// <param name="Job">Seed and updates are put in later.</param>
/// <param name="Classes">Device classes.</param>
/// <param name="LosesHalf">Half of the fleet is expected to be lost by the end.</param>
/// <param name="Paper">The paper's number, or null.</param>
internal sealed record Setting(string Name, TrainingJob Job, DeviceClasses Classes, bool LosesHalf, PaperResult? Paper);

/// <summary>A paper's figure or table.</summary>
/// <param name="Name">As <c>oe reproduce</c> takes it.</param>
/// <param name="Note">What to know when reading the numbers; null when there is nothing.</param>
internal sealed record Figure(
    string Name, string Title, string Description, IReadOnlyList<Setting> Settings, string? Note = null)
{
    private static readonly TrainingJob Base = new()
    {
        Model = "cnn",
        Workers = 200,
        BatchSize = 10,
        LearningRate = (float)AlgorithmDefaults.PaperRate,
    };

    /// <summary>All figures that can be reproduced.</summary>
    public static IReadOnlyList<Figure> All { get; } = [Figure3(), Table2(), Figure4()];

    private static Figure Figure3() => new(
        "adacomp-fig3", "AdaComp, figure 3",
        "CNN on MNIST, 200 workers: accuracy of ASGD, Comp-ASGD and AdaComp against updates and ingress.",
        [
            Plain(Base with { Algorithm = TrainingAlgorithms.Asgd }, PaperResults.Asgd),
            Plain(Base with { Algorithm = TrainingAlgorithms.CompAsgd, Compression = 0.1 }, PaperResults.CompAsgd10),
            Plain(Base with { Algorithm = TrainingAlgorithms.CompAsgd, Compression = 0.01 }, PaperResults.CompAsgd1),
            Plain(Base with { Algorithm = TrainingAlgorithms.AdaComp, Compression = 0.1 }, PaperResults.AdaComp10),
            Plain(Base with { Algorithm = TrainingAlgorithms.AdaComp, Compression = 0.01 }, PaperResults.AdaComp1),
        ]);

    private static Figure Table2()
    {
        var job = Base with { Model = "mlp", Algorithm = TrainingAlgorithms.AdaComp, Compression = 0.01 };
        Setting Row(int examples, bool crashes, int workers, double accuracy)
        {
            var name = $"{examples:#,0} images, n = {workers}{(crashes ? ", crashes" : "")}";
            return new Setting(
                name, job with { TrainExamples = examples, Workers = workers }, DeviceClasses.One, crashes,
                new PaperResult(name, accuracy));
        }
        return new Figure(
            "adacomp-table2", "AdaComp, Table II",
            "Perceptron on MNIST, c = 0.01: accuracy when half of the workers are lost with their images during the run.",
            [
                Row(60_000, false, 200, 0.9744), Row(60_000, true, 200, 0.9717),
                Row(12_000, false, 200, 0.9547), Row(12_000, true, 200, 0.9524),
                Row(6_000, false, 100, 0.9435),
            ],
            "The paper states p = 0.004 per push, but 250,000 pushes then cost 1,000 of 200 workers; half of them are lost at "
            + "p = 0.0004. Here p = (workers / 2) / updates, as the paper's text says: half of the fleet gone by the end. The "
            + "paper's perceptron is in a report that its text does not quote; ours is 784-128-128-10.");
    }

    private static Figure Figure4()
    {
        var job = Base with { Algorithm = TrainingAlgorithms.AdaComp, Compression = 0.001 };
        var three = new DeviceClasses([new(0.3, 1), new(0.4, 0.1), new(0.3, 0.01)]);
        Setting Row(int examples, DeviceClasses classes, double accuracy)
        {
            var name = $"{examples:#,0} images, {(classes.Classes.Count == 1 ? "one class" : "three classes")}";
            return new Setting(
                name, job with { TrainExamples = examples }, classes, false, new PaperResult(name, accuracy));
        }
        return new Figure(
            "adacomp-fig4", "AdaComp, figure 4",
            "CNN on MNIST, c = 0.001, 200 workers of one class, or of three that are 1, 10 and 100 times slower.",
            [
                Row(60_000, DeviceClasses.One, 0.9859), Row(60_000, three, 0.9836),
                Row(12_000, DeviceClasses.One, 0.9766), Row(12_000, three, 0.9700),
            ]);
    }

    private static Setting Plain(TrainingJob job, PaperResult paper) =>
        new(RunNames.Of(job), job, DeviceClasses.One, false, paper);
}
