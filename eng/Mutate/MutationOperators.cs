using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Mutate;

/// <summary>The usual mutation operators, those of Stryker.NET, as far as syntax alone decides them.</summary>
internal static class MutationOperators
{
    private static readonly Dictionary<SyntaxKind, string[]> Binary = new()
    {
        [SyntaxKind.AddExpression] = ["-"],
        [SyntaxKind.SubtractExpression] = ["+"],
        [SyntaxKind.MultiplyExpression] = ["/"],
        [SyntaxKind.DivideExpression] = ["*"],
        [SyntaxKind.ModuloExpression] = ["*"],
        [SyntaxKind.LessThanExpression] = ["<=", ">="],
        [SyntaxKind.LessThanOrEqualExpression] = ["<", ">"],
        [SyntaxKind.GreaterThanExpression] = [">=", "<="],
        [SyntaxKind.GreaterThanOrEqualExpression] = [">", "<"],
        [SyntaxKind.EqualsExpression] = ["!="],
        [SyntaxKind.NotEqualsExpression] = ["=="],
        [SyntaxKind.LogicalAndExpression] = ["||"],
        [SyntaxKind.LogicalOrExpression] = ["&&"],
        [SyntaxKind.LeftShiftExpression] = [">>"],
        [SyntaxKind.RightShiftExpression] = ["<<"],
    };

    private static readonly Dictionary<SyntaxKind, string> Assignment = new()
    {
        [SyntaxKind.AddAssignmentExpression] = "-=",
        [SyntaxKind.SubtractAssignmentExpression] = "+=",
        [SyntaxKind.MultiplyAssignmentExpression] = "/=",
        [SyntaxKind.DivideAssignmentExpression] = "*=",
    };

    private static readonly Dictionary<string, string> Methods = new()
    {
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["MinBy"] = "MaxBy",
        ["MaxBy"] = "MinBy",
        ["First"] = "Last",
        ["Last"] = "First",
        ["Any"] = "All",
        ["All"] = "Any",
        ["Skip"] = "Take",
        ["Take"] = "Skip",
        ["Ceiling"] = "Floor",
        ["Floor"] = "Ceiling",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
    };

    /// <summary>Every mutation of a file, in the order of its text.</summary>
    public static IEnumerable<MutationSite> SitesOf(string path, SyntaxNode root) =>
        from node in root.DescendantNodes(node => !IsFixed(node))
        where !IsFixed(node)
        from mutation in Of(node)
        select new MutationSite(path, node, mutation.Operator, mutation.Text);

    /// <summary>What must be a constant, or says only which error it was, is left as it is.</summary>
    private static bool IsFixed(SyntaxNode node) => node is AttributeListSyntax or ParameterSyntax or ThrowStatementSyntax
        or ThrowExpressionSyntax or SwitchLabelSyntax or PatternSyntax or UsingDirectiveSyntax or EnumMemberDeclarationSyntax
        or InterpolatedStringExpressionSyntax
        || (node is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword))
        || (node is LocalDeclarationStatementSyntax local && local.Modifiers.Any(SyntaxKind.ConstKeyword));

    private static IEnumerable<(string Operator, string Text)> Of(SyntaxNode node)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when Binary.TryGetValue(binary.Kind(), out var others):
                return others.Select(other => ("binary", $"{binary.Left} {other} {binary.Right}"));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } coalesce:
                return [("coalesce", coalesce.Right.ToString())];
            case AssignmentExpressionSyntax assignment when Assignment.TryGetValue(assignment.Kind(), out var other):
                return [("assignment", $"{assignment.Left} {other} {assignment.Right}")];
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression }:
                return [("boolean", "false")];
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression }:
                return [("boolean", "true")];
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                return [("negation", not.Operand.ToString())];
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                return [("negation", minus.Operand.ToString())];
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression } increment:
                return [("update", "--" + increment.Operand)];
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression } increment
                when increment.Parent is not ForStatementSyntax:
                return [("update", increment.Operand + "--")];
            case ConditionalExpressionSyntax conditional:
                return
                [
                    ("conditional", conditional.WhenTrue.ToString()),
                    ("conditional", conditional.WhenFalse.ToString()),
                ];
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call
                when Methods.TryGetValue(member.Name.Identifier.Text, out var other):
                return [("method", $"{member.Expression}.{other}{call.ArgumentList}")];
            case ExpressionStatementSyntax { Expression: not PostfixUnaryExpressionSyntax }:
                return [("statement", "")];
            default:
                return [];
        }
    }
}
