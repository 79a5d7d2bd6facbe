using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Mutate;

/// <summary>A place in a source file and what a mutation puts there.</summary>
/// <param name="Path">Of the file, from the root of the checkout.</param>
/// <param name="Node">The expression or statement that is replaced.</param>
/// <param name="Operator">Name of the mutation operator.</param>
/// <param name="Mutated">Text of the replacement; empty where a statement is left out.</param>
internal sealed record MutationSite(string Path, SyntaxNode Node, string Operator, string Mutated)
{
    /// <summary>Line of the first character, from 1.</summary>
    public int Line => Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    public string Original => OneLine(Node.ToString());

    public string Replacement => Mutated.Length == 0 ? "(left out)" : OneLine(Mutated);

    /// <summary>The expression declares a variable, so that it cannot stand twice.</summary>
    public bool Declares => Node.DescendantNodesAndSelf().Any(node => node is VariableDesignationSyntax);

    /// <summary>The same place without a mutation, to see whether it is come by.</summary>
    public MutationSite Unchanged() => this with { Mutated = Node.ToString() };

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
