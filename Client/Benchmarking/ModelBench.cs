using System.Collections.Concurrent;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Client.Benchmarking;

/// <summary>What <see cref="ModelBench"/> measured.</summary>
/// <param name="Threads">Threads that stepped at once, each with a model of its own.</param>
/// <param name="ImagesPerSecond">Of all threads together.</param>
/// <param name="MillisecondsPerStep">Median of the steps of all threads.</param>
/// <param name="MillisecondsPerStepP10">10th percentile.</param>
/// <param name="MillisecondsPerStepP90">90th percentile.</param>
/// <param name="GigaflopsPerSecond">
/// Of all threads together, from the model's nominal operations; kernels that skip zeros do fewer.
/// </param>
public sealed record ModelBenchResult(
    string Model, int BatchSize, int Threads, double ImagesPerSecond, double MillisecondsPerStep,
    double MillisecondsPerStepP10, double MillisecondsPerStepP90, double GigaflopsPerSecond);

/// <summary>Measures loss and gradient of one batch, over and over, on fixed random inputs.</summary>
public static class ModelBench
{
    /// <summary>
    /// Runs warm-up steps and then as many steps as the duration allows, at least 20 on each thread.
    /// </summary>
    /// <param name="model">A name of <see cref="ModelCatalog"/>.</param>
    /// <param name="duration">Of the measured part.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Ends it with the steps that are done.</param>
    /// <exception cref="OperationCanceledException">Stopped before every thread had done a step.</exception>
    /// <exception cref="OrleansEdgeException">The model is unknown, or a number is below 1 (64).</exception>
    public static ModelBenchResult Run(
        string model, int batchSize, int threads, TimeSpan duration, TimeProvider clock, ulong seed = 1,
        Action<SolverProgress>? progress = null, CancellationToken stop = default)
    {
        if (batchSize < 1 || threads < 1)
        {
            throw OrleansEdgeException.Usage(
                $"bench model: batch {batchSize}, threads {threads}; expected at least 1 of each");
        }
        var models = Enumerable.Range(0, threads).Select(_ => ModelCatalog.Create(model)).ToArray();
        var measured = Array.ConvertAll(models, _ => new ConcurrentQueue<double>());
        var runners = Enumerable.Range(0, threads)
            .Select(i => Task.Factory.StartNew(
                () => Measure(
                    models[i], batchSize, duration, clock, seed + (ulong)i, measured[i],
                    i == 0 ? progress : null, stop),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        Stoppable.Run(
            () =>
            {
                Task.WhenAll(runners).GetAwaiter().GetResult();
                return measured;
            },
            stop);
        var stepsOfThreads = Array.ConvertAll(measured, steps => steps.ToArray());
        if (Array.Exists(stepsOfThreads, steps => steps.Length == 0))
        {
            throw new OperationCanceledException(stop);
        }

        // Each thread's own rate: one that ends its warm-up late does not count as idle.
        var imagesPerSecond = stepsOfThreads.Sum(steps => batchSize * (steps.Length / steps.Sum()) * 1000);
        var sorted = stepsOfThreads.SelectMany(steps => steps).Order().ToArray();
        return new(
            model, batchSize, threads, imagesPerSecond, Percentile(sorted, 0.5), Percentile(sorted, 0.1),
            Percentile(sorted, 0.9), imagesPerSecond * models[0].FloatingPointOperationsPerExample * 1e-9);
    }

    private static void Measure(
        IModel model, int batchSize, TimeSpan duration, TimeProvider clock, ulong seed, ConcurrentQueue<double> steps,
        Action<SolverProgress>? progress, CancellationToken stop)
    {
        var random = new RandomStream(seed, "bench");
        var (parameters, gradient) = (new float[model.ParameterCount], new float[model.ParameterCount]);
        var (inputs, labels) = (new float[batchSize * model.InputLength], new int[batchSize]);
        model.Initialize(parameters, ref random);
        foreach (ref var input in inputs.AsSpan())
        {
            input = (float)random.NextNormal();
        }
        foreach (ref var label in labels.AsSpan())
        {
            label = random.NextInt(model.ClassCount);
        }

        // The runtime compiles hot methods anew after 30 calls and a pause; the warm-up outlasts that.
        var warmUp = TimeSpan.FromSeconds(0.5);
        for (var start = clock.GetTimestamp(); clock.GetElapsedTime(start) < warmUp && !stop.IsCancellationRequested;)
        {
            model.LossAndGradient(parameters, inputs, labels, gradient);
        }
        var (elapsed, count) = (TimeSpan.Zero, 0);
        for (var start = clock.GetTimestamp();
            (count < 20 || elapsed < duration) && !(stop.IsCancellationRequested && count > 0); count++,
            elapsed = clock.GetElapsedTime(start))
        {
            progress?.Invoke(new SolverProgress(elapsed / duration, "steps"));
            var before = clock.GetTimestamp();
            model.LossAndGradient(parameters, inputs, labels, gradient);
            steps.Enqueue(clock.GetElapsedTime(before).TotalMilliseconds);
        }
    }

    private static double Percentile(double[] sorted, double quantile) =>
        sorted[(int)(quantile * (sorted.Length - 1))];
}
