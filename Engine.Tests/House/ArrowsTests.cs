using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NUnit.Framework;

namespace Engine.Tests.House;

/// <summary>
/// The folders of Engine/ stand on levels, and a file uses only what its own folder or a lower level declares. The compiler says what a
/// name means, so that an extension method, an operator or a type named by another type's member is seen, and a word in a comment or a
/// property of the same name is not.
/// </summary>
[Category("Slow")]
public sealed partial class ArrowsTests
{
    /// <summary>Every folder of Engine/ that holds files, from the lowest level up. Folders on one level do not name each other.</summary>
    private static readonly string[][] Levels =
    [
        ["Lanes", "Protobuf"],
        ["Kernels", "Optimizers/Schedules"],
        ["Kernels/MatrixProduct", "Optimizers/Rules"],
        ["Tensors", "Kernels/Convolution", "Optimizers/Elementwise"],
        ["Autograd", "Data", "Optimizers/Execution"],
        ["Ops", "Optimizers"],
        ["Optimizers/WholeTensor/Execution"],
        ["Optimizers/WholeTensor", "Optimizers/Lbfgs", "Optimizers/Wrappers", "Optimizers/Transforms"],
        ["Optimizers/Catalog"],
        ["Interpreters/Symbols"],
        ["Interpreters", "Differentiation", "Layers", "Losses"],
        ["Metrics"],
        ["Training", "Verification", "Persistence"],
        ["Tuning", "Checkpoints", "Onnx", "Logging/Formats"],
        ["Logging"],
        ["Logging/Reports"],
    ];

    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    [Test]
    public void Folders_name_only_lower_ones()
    {
        string[] files = [.. Repository.Files("Engine", "*.cs")];
        CSharpCompilation compilation = Compile(files);

        List<string> upward = [];
        HashSet<string> seen = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            seen.Add(tree.FilePath);
            upward.AddRange(UpwardUses(tree, compilation.GetSemanticModel(tree)));
        }

        string[] onDisk = Directory.GetFiles(Path.Combine(Repository.Root, "Engine"), "*.cs", SearchOption.AllDirectories);
        int written = onDisk.Count(file => !Repository.Relative(file).Split('/').Any(part => part is "bin" or "obj"));
        Assert.That(seen, Has.Count.EqualTo(written).And.Count.GreaterThan(0), "a file that is not read could name anything");
        Findings.None([.. upward.Distinct()], "A file names only its own folder and folders on lower levels.");
    }

    /// <summary>Catches: a table in the documentation that has stayed behind when a folder was added or moved.</summary>
    [Test]
    public void The_documented_levels_are_these()
    {
        IEnumerable<(int Level, string Folder)> documented = TableRow().Matches(Repository.Read("docs/architecture.md")).SelectMany(row =>
            Code().Matches(row.Groups[2].Value).Select(
                folder => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), folder.Groups[1].Value)));
        Assert.That(
            documented,
            Is.EquivalentTo(Levels.SelectMany((folders, level) => folders.Select(folder => (level, folder)))));
    }

    [Test]
    public void An_upward_name_is_found()
    {
        string low = Path.Combine(Repository.Root, "Engine", "Tensors", "Probe.cs");
        string high = Path.Combine(Repository.Root, "Engine", "Ops", "ProbeOp.cs");
        const string declared = "namespace Engine; public static class ProbeOp"
            + " { extension(string x) { public int Probed() => x.Length; } public readonly struct Formula { } }";
        foreach (string use in (string[])["int y = \"\".Probed();", "object o = typeof(ProbeOp);", "object o = new ProbeOp.Formula();"])
        {
            string user = $"namespace Engine; class Probe {{ void Use() {{ {use} }} }}";
            CSharpCompilation compilation = Bind([Parse(user, low), Parse(declared, high)]);
            SyntaxTree below = compilation.SyntaxTrees[0], above = compilation.SyntaxTrees[1];
            Assert.That(UpwardUses(below, compilation.GetSemanticModel(below)), Has.Some.Contain("of Ops"), use);
            Assert.That(UpwardUses(above, compilation.GetSemanticModel(above)), Is.Empty);
        }
    }

    /// <summary>A row of the table: the level, and the cell with its folders.</summary>
    [GeneratedRegex(@"^\| (\d+) \|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    private static IEnumerable<string> UpwardUses(SyntaxTree tree, SemanticModel model)
    {
        string folder = Folder(tree.FilePath);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes().Where(Names))
        {
            SymbolInfo info = model.GetSymbolInfo(node);
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault(); // a candidate: a group of overloads, in nameof
            if (symbol is null && node is SimpleNameSyntax name && !IsKeyword(name))
            {
                yield return $"{Repository.Relative(tree.FilePath)} ({folder}) names {node}, which does not bind and so cannot be checked";
            }
            foreach (string used in FoldersOf(symbol))
            {
                if (used != folder && Level(used) >= Level(folder))
                {
                    yield return $"{Repository.Relative(tree.FilePath)} ({folder}) names {node} of {used}";
                }
            }
        }
    }

    /// <summary>Whether a node can be the only one that names a symbol: the others consist of such.</summary>
    private static bool Names(SyntaxNode node) => node
        is SimpleNameSyntax or ConstructorInitializerSyntax or BaseObjectCreationExpressionSyntax
        or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or AssignmentExpressionSyntax
        or CastExpressionSyntax or ElementAccessExpressionSyntax or ElementBindingExpressionSyntax;

    /// <summary>Words that the parser takes for names.</summary>
    private static bool IsKeyword(SimpleNameSyntax name) => name.Identifier.Text is "nameof" or "unmanaged" or "notnull" or "_" or "var";

    /// <summary>Where the type that a symbol is, or is a member of, is declared.</summary>
    private static IEnumerable<string> FoldersOf(ISymbol? symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }
        return type is null ? [] : type.DeclaringSyntaxReferences.Select(reference => Folder(reference.SyntaxTree.FilePath));
    }

    private static string Folder(string file)
    {
        string[] parts = Repository.Relative(file).Split('/');
        string folder = string.Join('/', parts[1..^1]);
        return Level(folder) >= 0
            ? folder
            : throw new InvalidOperationException($"{Repository.Relative(file)} is in a folder that has no level; these have one: "
                + $"{string.Join(", ", Levels.SelectMany(level => level))}.");
    }

    private static int Level(string folder) => Array.FindIndex(Levels, level => level.Contains(folder));

    private static CSharpCompilation Compile(IEnumerable<string> files)
    {
        CSharpCompilation compilation = Bind([.. files.Select(file => Parse(File.ReadAllText(file), file)), Parse(ImplicitUsings, "")]);
        IEnumerable<Diagnostic> errors = compilation.GetDeclarationDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.That(errors, Is.Empty, "what does not compile cannot be checked");
        return compilation;
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(
        SourceText.From(text, System.Text.Encoding.UTF8), new CSharpParseOptions(LanguageVersion.CSharp14), path);

    private static CSharpCompilation Bind(IEnumerable<SyntaxTree> trees) =>
        CSharpCompilation.Create("Engine", trees, References.OfThisProcess("Engine"),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
}
