using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Mutate;

/// <summary>
/// A copy of the checkout in which all drawn mutations stand, each behind a switch that an environment variable turns
/// on: one build serves them all.
/// </summary>
internal sealed class InstrumentedTree(string root)
{
    /// <summary>Turns on the mutation of this number.</summary>
    public const string Variable = "OE_MUTANT";

    private const string Switch = """
        namespace OrleansEdge;

        public static class Mutant
        {
            private static readonly string? Active = System.Environment.GetEnvironmentVariable("OE_MUTANT");
            private static readonly string? Trace = System.Environment.GetEnvironmentVariable("OE_MUTANT_TRACE");
            private static readonly int Number = int.TryParse(Active, out var number) ? number : -1;
            private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, bool> Seen = new();

            public static bool Is(int number)
            {
                if (Trace is not null && Seen.TryAdd(number, true))
                {
                    System.IO.File.AppendAllText($"{Trace}.{System.Environment.ProcessId}", number + "\n");
                }
                return number == Number;
            }
        }
        """;

    private readonly Dictionary<string, SyntaxNode> _roots = [];

    /// <summary>Every mutation of the projects.</summary>
    /// <param name="projects">Folders right under the root.</param>
    public List<MutationSite> Sites(IEnumerable<string> projects)
    {
        var sites = new List<MutationSite>();
        foreach (var path in projects.SelectMany(SourcesOf))
        {
            var text = File.ReadAllText(Path.Combine(root, path));
            _roots[path] = CSharpSyntaxTree.ParseText(text).GetRoot();
            sites.AddRange(MutationOperators.SitesOf(path, _roots[path]));
        }
        return sites;
    }

    /// <summary>Writes the files anew with exactly these mutations, numbered as they stand in the list.</summary>
    public void Write(IReadOnlyList<MutationSite> sites)
    {
        File.WriteAllText(Path.Combine(root, "Core", "Mutant.cs"), Switch);
        var numbers = sites.Select((site, number) => (site, number)).ToLookup(pair => pair.site.Path);
        foreach (var (path, original) in _roots)
        {
            var at = numbers[path].ToLookup(pair => pair.site.Node, pair => (pair.number, pair.site.Mutated));
            var text = original.ReplaceNodes(
                at.Select(group => group.Key), (node, changed) => at[node].Aggregate(
                    changed, (inner, mutation) => Switched(inner, mutation, IsStatement(node)))).ToFullString();
            File.WriteAllText(Path.Combine(root, path), text);
        }
    }

    /// <summary>An expression that may stand where a statement must: an increment, but no choice between two.</summary>
    private static bool IsStatement(SyntaxNode node) =>
        node.Parent is ExpressionStatementSyntax or LambdaExpressionSyntax or ArrowExpressionClauseSyntax
        && node.Kind() is SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression
            or SyntaxKind.MultiplyAssignmentExpression or SyntaxKind.DivideAssignmentExpression
            or SyntaxKind.PreIncrementExpression or SyntaxKind.PostIncrementExpression;

    private static SyntaxNode Switched(SyntaxNode changed, (int Number, string Mutated) mutation, bool isStatement)
    {
        var number = mutation.Number.ToString(CultureInfo.InvariantCulture);
        var start = isStatement ? "_ = " : "";
        var text = changed.WithoutTrivia().ToString();
        SyntaxNode replacement = changed is not StatementSyntax
            ? SyntaxFactory.ParseExpression(
                $"{start}(global::OrleansEdge.Mutant.Is({number}) ? ({mutation.Mutated}) : ({text}))")
            : SyntaxFactory.ParseStatement(mutation.Mutated.Length == 0
                ? $"if (!global::OrleansEdge.Mutant.Is({number})) {{ {text} }}"
                : $"{{ global::OrleansEdge.Mutant.Is({number}); {text} }}");
        return replacement.WithTriviaFrom(changed);
    }

    private IEnumerable<string> SourcesOf(string project) => Directory
        .EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(root, path))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);
}
