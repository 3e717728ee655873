using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Engine.Tests.House;

/// <summary>How the sources look: the length of a line, a file's one type, and the words.</summary>
public sealed class SourceTests
{
    /// <summary>As in .editorconfig, which editors read.</summary>
    private const int MaxLineLength = 140;

    /// <summary>Files with a type that is not named as the file, and why a reader gains by seeing them together.</summary>
    private static readonly Dictionary<string, string> Companions = new()
    {
        ["Engine/Kernels/Blockwise.cs"] =
            "AddKernel, SubtractKernel, MultiplyKernel, DivideKernel, BroadcastKernel: three lines each, of one form",
        ["Engine/Kernels/ChainRule.cs"] = "NumeratorChainRule, DenominatorChainRule: the two halves of the quotient rule",
        ["Engine/Kernels/ColumnSums.cs"] =
            "IColumnTerms, ColumnValues, ColumnSquaredDeviations, ColumnGradients: the terms that are summed",
        ["Engine/Kernels/Comparisons.cs"] =
            "GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, Equal, NotEqual: a line each, of one form",
        ["Engine/Kernels/IFold.cs"] = "SumFold, ProductFold, MaxFold, MinFold: a line each, of one form",
        ["Engine/Kernels/IPairFunction.cs"] = "ValueOf, DerivativeAOf, DerivativeBOf: the three functions of a pair",
        ["Engine/Kernels/ReductionTerms.cs"] = "IdentityTerm, AbsoluteTerm, ProductTerm, SquaredDifferenceTerm: a line each, of one form",
        ["Engine/Kernels/RowSums.cs"] =
            "IRowTerms, RowPairs, RowSquaresOfSingles, RowSquaredDeviations, RowGradients: the terms that are summed",
        ["Engine/Kernels/MatrixProduct/BatchedMatrixProduct.cs"] = "BatchShape, BatchedMatrix: what the product's arguments are",
        ["Engine/Tensors/Initializers.cs"] = "Initializer: the delegate that they all return",
        ["Engine.Tests/Golden/GoldenFile.cs"] = "Golden: the names of the files",
        ["Engine.Tests/Interpreters/Trial.cs"] = "Bits: how trials compare",
        ["Engine.Tests/Kernels/FunctionCase.cs"] = "Lane: which lane a case runs in",
        ["Engine.Tests/Ops/OpCase.cs"] = "OpInputs: a case is its operation and its inputs",
        ["Engine.Tests/Optimizers/GoldenRules.cs"] = "GoldenRule: what the map gives",
        ["Engine.Tests/Optimizers/RuleTable.cs"] = "RuleRow: the table's row",
        ["Engine.Tests/Optimizers/WholeTensor/TensorTrajectories.cs"] = "GoldenTensorRule: what the map gives",
        ["Examples/Digits/DigitsJob.cs"] = "DigitsSettings: the job's arguments",
    };

    /// <summary>
    /// What types of a folder may add to the file's name: an operation's function, and its class of extension members, whose name users
    /// never write.
    /// </summary>
    private static readonly Dictionary<string, string[]> Suffixes = new()
    {
        ["Engine/Ops"] = ["Op", "Function"],
        ["Engine/Losses"] = ["Loss", "Function"],
    };

    /// <summary>
    /// What nobody in the field would say, and British spellings, each in two pieces since this file is read too; the standard word beside
    /// it.
    /// </summary>
    private static readonly (string Phrase, string Standard)[] Words =
    [
        ("walk" + " back", "backward pass"), ("walked" + " back", "backward pass"), ("passed" + " over", "skipped"),
        ("stands" + " ready", "is ready"), ("pays" + " no heed", "ignores"), ("kin" + " elsewhere", "equivalents in other libraries"),
        ("le" + "nt", "allocated"), ("is" + " over", "has ended, expired"), ("are" + " over", "have ended, expired"),
        ("in the letters of" + " its paper", "in the paper's notation"),
        ("colo" + "urs?", "color"), ("neighbo" + "ur(?:s|ing)?", "neighbor"), ("behavio" + "ur", "behavior"),
        ("catalo" + "gues?", "catalog"), ("licen" + "ces?", "license"),
        ("(?:normal|recogn|vector|synchron|maxim|minim|initial|general|orthogonal)is" + "(?:ed?|es|ing|ation)", "-ize"),
    ];

    private static IEnumerable<string> CSharpFiles => Repository.Files("", "*.cs");

    [Test]
    public void Lines_of_code_are_not_too_long()
    {
        Assert.That(Repository.Read(".editorconfig"), Does.Contain($"max_line_length = {MaxLineLength}\n"));
        List<string> found = [];
        foreach (string file in CSharpFiles)
        {
            string[] lines = File.ReadAllLines(file);
            found.AddRange(lines.Index().Where(line => line.Item.Length > MaxLineLength)
                .Select(line => $"{Repository.Relative(file)}:{line.Index + 1} has {line.Item.Length} characters"));
        }
        Assert.That(CSharpFiles.Count(), Is.GreaterThan(100), "files read");
        Findings.None(found, $"A line has at most {MaxLineLength} characters.");
    }

    [Test]
    [Category("Slow")]
    public void A_file_holds_one_type_and_has_its_name()
    {
        Dictionary<string, string> others = [];
        foreach (string file in CSharpFiles)
        {
            string path = Repository.Relative(file), name = Path.GetFileName(file).Split('.', '{')[0];
            string[] suffixes = Suffixes.GetValueOrDefault(path[..Math.Max(0, path.LastIndexOf('/'))], []);
            HashSet<string> allowed = [name, .. suffixes.Select(suffix => name + suffix)];
            string[] strangers = [.. Types(File.ReadAllText(file)).Where(type => !allowed.Contains(type)).Distinct()];
            if (strangers.Length > 0)
            {
                others.Add(path, string.Join(", ", strangers));
            }
        }
        Assert.That(Companions.Keys.Except(others.Keys), Is.Empty, "these need no exception any more");
        string[] found =
        [
            .. others.Where(pair => pair.Value != Companions.GetValueOrDefault(pair.Key)?.Split(':')[0])
                .Select(pair => $"{pair.Key} declares {pair.Value}"),
        ];
        Findings.None(found, $"Move the type to a file of its own, or list it in {nameof(Companions)} with a reason.");
    }

    [Test]
    public void A_type_beside_another_is_found()
    {
        const string source = """
            namespace N;
            class A<T> { class Inner; }
            static partial class A;
            enum B { }
            delegate void C();
            record struct D;
            """;
        Assert.That(Types(source), Is.EqualTo(new[] { "A", "A", "B", "C", "D" }));
    }

    [Test]
    public void The_words_are_those_of_the_field()
    {
        // a phrase may be broken over two lines of a comment
        (Regex Pattern, string Standard)[] patterns =
        [
            .. from word in Words
               let pattern = word.Phrase.Replace(" ", @"(?: |\s*\n[ /]*)", StringComparison.Ordinal)
               select (new Regex($@"\b{pattern}\b", RegexOptions.IgnoreCase), word.Standard),
        ];
        List<string> found = [];
        foreach (string file in CSharpFiles.Concat(Repository.Files("", "*.md")))
        {
            string text = File.ReadAllText(file);
            found.AddRange(
                from pattern in patterns
                from Match match in pattern.Pattern.Matches(text)
                let line = 1 + text.AsSpan(0, match.Index).Count('\n')
                select $"{Repository.Relative(file)}:{line} says '{match.Value}', the field says: {pattern.Standard}");
        }
        Findings.None(found, "Use the field's standard words.");
    }

    private static IEnumerable<string> Types(string source) =>
        CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp14)).GetRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => null,
            })
            .OfType<string>();
}
