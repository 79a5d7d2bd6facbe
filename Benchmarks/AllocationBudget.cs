using System.Reflection;
using BenchmarkDotNet.Reports;

namespace OrleansEdge.Benchmarks;

/// <summary>
/// The bytes that one operation may allocate. Times vary from machine to machine; allocations do not.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocationBudgetAttribute(long bytes) : Attribute
{
    public long Bytes { get; } = bytes;
}

/// <summary>Compares what was allocated with <see cref="AllocationBudgetAttribute"/>.</summary>
public static class AllocationBudget
{
    /// <summary>One line for each benchmark that failed or allocated more than its budget.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Summary> summaries)
    {
        foreach (var report in summaries.SelectMany(summary => summary.Reports))
        {
            var descriptor = report.BenchmarkCase.Descriptor;
            var budget = descriptor.WorkloadMethod.GetCustomAttribute<AllocationBudgetAttribute>();
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            if (!report.Success)
            {
                yield return $"{report.BenchmarkCase.DisplayInfo}: failed";
            }
            else if (budget is not null && allocated > budget.Bytes)
            {
                yield return $"{report.BenchmarkCase.DisplayInfo}: allocates {allocated} B; budget {budget.Bytes} B";
            }
        }
    }
}
