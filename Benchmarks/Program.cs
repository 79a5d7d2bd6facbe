using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OrleansEdge.Benchmarks;

// In this process: a benchmark process of its own would be built by rules that the solution's build files do not allow.
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
var violations = AllocationBudget.Violations(summaries).ToList();
violations.ForEach(Console.Error.WriteLine);
return violations.Count == 0 ? 0 : 1;
