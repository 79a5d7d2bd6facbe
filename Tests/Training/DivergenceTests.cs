using OrleansEdge.Core.Data;
using OrleansEdge.Core.Models;
using OrleansEdge.Core.Training;
using OrleansEdge.Grains.Interfaces.Training;
using OrleansEdge.Simulation.Training;

namespace OrleansEdge.Tests.Training;

public sealed class DivergenceTests
{
    private static readonly WorkerData Data = new(new DataCatalog([]));

    private static readonly TrainingJob Small = new()
    {
        Model = "mlp",
        Data = "synthetic:400x60",
        Algorithm = TrainingAlgorithms.Asgd,
        Workers = 10,
        Updates = 3_000,
        EvaluateEvery = 50,
        MeanWaitSeconds = 0.2,
        Seed = 3,
    };

    [Theory]
    [InlineData(TrainingAlgorithms.Asgd, 1, 50, false)]
    [InlineData(TrainingAlgorithms.Asgd, 1, 1e30, false)]
    [InlineData(TrainingAlgorithms.Asgd, 1, 3e38, false)]
    [InlineData(TrainingAlgorithms.CompAsgd, 0.05, 1e30, false)]
    [InlineData(TrainingAlgorithms.CompAsgd, 0.05, 1e30, true)]
    [InlineData(TrainingAlgorithms.AdaComp, 0.05, 3e38, true)]
    [InlineData(TrainingAlgorithms.AdaComp, 0.05, 1e6, true)]
    [InlineData(TrainingAlgorithms.Downpour, 1, 1e30, false)]
    [InlineData(TrainingAlgorithms.Downpour, 1, 3e38, false)]
    [InlineData(TrainingAlgorithms.Downpour, 1, 1e6, false)]
    public void A_rate_far_too_large_is_named_and_a_finite_model_kept(
        string algorithm, double compression, double rate, bool half)
    {
        var result = Run(Small with
        {
            Algorithm = algorithm,
            Compression = compression,
            LearningRate = (float)rate,
            HalfPrecisionValues = half,
            Shards = 2,
        });
        Assert.Matches("^diverged at update [0-9]+, loss ", result.Status.ExitReason);
        Assert.True(result.Status.HasDiverged());
        Assert.True(result.Status.Updates < Small.Updates);
        Assert.All(result.Parameters, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(0, result.CrashedWorkers);
    }

    [Fact]
    public void Workers_that_step_between_fetches_diverge_by_name_too()
    {
        var result = Run(Small with { Algorithm = TrainingAlgorithms.Downpour, LearningRate = 1e20f, FetchEvery = 4, PushEvery = 3 });
        Assert.True(result.Status.HasDiverged(), result.Status.ExitReason);
    }

    [Fact]
    public void A_diverged_job_hands_back_the_last_model_that_was_measured_with_a_finite_loss()
    {
        var result = Run(Small with { LearningRate = 50, EvaluateEvery = 10 });
        Assert.True(result.Status.HasDiverged(), result.Status.ExitReason);
        Assert.True(double.IsFinite(LossOf(result.Parameters)));
        Assert.Contains(result.Status.Curve, point => point.Updates == result.ParametersAt && double.IsFinite(point.Loss));
    }

    [Theory]
    [InlineData("logreg", TrainingAlgorithms.Asgd, 5, 60)]
    [InlineData("logreg", TrainingAlgorithms.Asgd, 1, 60)]
    [InlineData("logreg", TrainingAlgorithms.AdaComp, 2, 60)]
    [InlineData("logreg", TrainingAlgorithms.Downpour, 1, 10)]
    [InlineData("mlp", TrainingAlgorithms.Asgd, 0.2, 20)]
    [InlineData("mlp", TrainingAlgorithms.Downpour, 0.02, 10)]
    public void An_honest_run_that_is_coarse_or_stale_raises_no_alarm(
        string model, string algorithm, double rate, int workers)
    {
        var result = Run(Small with
        {
            Model = model,
            Algorithm = algorithm,
            Compression = algorithm == TrainingAlgorithms.AdaComp ? 0.1 : 1,
            LearningRate = (float)rate,
            Workers = workers,
            Updates = 1_000,
        });
        Assert.Equal("updates-reached", result.Status.ExitReason);
        Assert.True(result.Status.Curve[^1].Accuracy > 0.3, $"accuracy {result.Status.Curve[^1].Accuracy}");
    }

    [Theory]
    [InlineData(0.1, double.NaN, true)]
    [InlineData(0.9, double.PositiveInfinity, true)]
    [InlineData(0.1, 1_000, true)]
    [InlineData(0.2, 47, true)]
    [InlineData(0.1, 45, false)]
    [InlineData(0.21, 1_000, false)]
    public void A_suspect_has_a_loss_far_above_that_of_guessing_and_an_accuracy_like_it(
        double accuracy, double loss, bool expected) =>
        Assert.Equal(expected, Divergence.IsSuspect(accuracy, loss, classes: 10));

    [Theory]
    [InlineData(5, 100, true)]
    [InlineData(4, 100, false)]
    [InlineData(6, 19, false)]
    [InlineData(26, 4, true)]
    [InlineData(25, 4, false)]
    public void A_row_of_suspects_is_a_divergence_when_it_is_long_enough(int evaluations, int updatesBetween, bool expected)
    {
        (long, double, double)[] curve =
        [
            (1, 0.5, 1.5),
            .. Enumerable.Range(0, evaluations).Select(i => (2L + (i * updatesBetween), 0.1, 500.0)),
        ];
        Assert.Equal(expected, Divergence.IsIn(curve, classes: 10, workers: 10));
        Assert.False(Divergence.IsIn([.. curve, (100_000, 0.3, 500)], classes: 10, workers: 10));
        Assert.True(Divergence.IsIn([.. curve, (100_000, 0.3, double.NaN)], classes: 10, workers: 10));
        Assert.False(Divergence.IsIn([], classes: 10, workers: 10));
    }

    [Fact]
    public void The_end_is_the_same_on_one_core_and_on_two()
    {
        var job = Small with { LearningRate = 50 };
        var (one, two) = (Run(job, cores: 1), Run(job, cores: 2));
        Assert.Equal(one.Status.ExitReason, two.Status.ExitReason);
        Assert.Equal(one.TraceHash, two.TraceHash);
        Assert.Equal(one.Parameters, two.Parameters);
    }

    private static double LossOf(float[] parameters) => ModelEvaluation.Measure(
        ModelCatalog.Create(Small.Model), parameters, Data.Open(Small.Data, 0).Test).Loss;

    private static SimulatedTrainingResult Run(TrainingJob job, int cores = 2) => new SimulatedTraining(Data, cores).Run(
        job, new EdgeFleet(), from: null, progress: null, TestContext.Current.CancellationToken);
}
