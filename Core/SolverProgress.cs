namespace OrleansEdge.Core;

/// <summary>How far a solver is.</summary>
/// <param name="Share">Of its work, in [0, 1]; NaN when unknown.</param>
/// <param name="Figures">Such as "gap 3.2e-07, round 12".</param>
public readonly record struct SolverProgress(double Share, string Figures);
