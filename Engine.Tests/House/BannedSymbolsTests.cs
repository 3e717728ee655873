using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Engine.Tests.House;

/// <summary>
/// Engine/BannedSymbols.txt names what would break the promise of the same bits on every machine; the compiler refuses its use in Engine.
/// </summary>
[Category("Slow")]
public sealed class BannedSymbolsTests
{
    private const string TensorPrimitives = "System.Numerics.Tensors.TensorPrimitives";

    /// <summary>
    /// The methods of TensorPrimitives that keep their bits: IEEE 754 defines each element's result exactly, or runs on several
    /// instruction sets gave the same bits. Everything else is banned, and so is what a later version of the package adds, until somebody
    /// has looked at it.
    /// </summary>
    private static readonly string[] SameBits =
    [
        "Abs", "Add", "AddMultiply", "BitDecrement", "BitIncrement", "BitwiseAnd", "BitwiseOr", "Ceiling", "Clamp", "ConvertChecked",
        "ConvertSaturating", "ConvertToHalf", "ConvertToInteger", "ConvertToSingle", "ConvertTruncating", "CopySign", "Decrement",
        "DivRem", "Divide", "Floor", "FusedMultiplyAdd", "HammingBitDistance", "HammingDistance", "ILogB", "Ieee754Remainder",
        "Increment", "IndexOfMax", "IndexOfMaxMagnitude", "IndexOfMin", "IndexOfMinMagnitude", "LeadingZeroCount", "Max",
        "MaxMagnitude", "MaxMagnitudeNumber", "MaxNumber", "Min", "MinMagnitude", "MinMagnitudeNumber", "MinNumber", "Multiply",
        "MultiplyAdd", "Negate", "OnesComplement", "PopCount", "Reciprocal", "ReciprocalSqrt", "Remainder", "RotateLeft",
        "RotateRight", "Round", "ScaleB", "ShiftLeft", "ShiftRightArithmetic", "ShiftRightLogical", "Sign", "Sqrt", "Subtract",
        "TrailingZeroCount", "Truncate", "Xor",
    ];

    private static readonly string[] Lines =
        [
            .. Repository.Read("Engine/BannedSymbols.txt").ReplaceLineEndings("\n").Split('\n')
                .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)),
        ];

    private static readonly CSharpCompilation Libraries =
        CSharpCompilation.Create("Probe", [], References.OfThisProcess(), new(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>Catches: a misspelt line, which would ban nothing and say so nowhere.</summary>
    [Test]
    public void Every_line_names_a_symbol_that_exists_and_gives_a_reason()
    {
        Assert.That(Lines, Has.Length.GreaterThan(100).And.Unique);
        Assert.That(Lines.Where(line => line.Split(';') is not [_, { Length: > 0 }]), Is.Empty);
        Assert.That(Lines.Where(line => Symbol(line) is null), Is.Empty);
    }

    /// <summary>Catches: a banned method with an overload that is still allowed.</summary>
    [Test]
    public void Every_overload_of_a_banned_method_is_banned()
    {
        HashSet<ISymbol> banned = new(Lines.Select(line => Symbol(line)!), SymbolEqualityComparer.Default);
        IEnumerable<ISymbol> overloads = banned.OfType<IMethodSymbol>().SelectMany(method => method.ContainingType.GetMembers(method.Name))
            .Where(member => member is IMethodSymbol { DeclaredAccessibility: Accessibility.Public, MethodKind: MethodKind.Ordinary });
        Assert.That(overloads.Where(member => !banned.Contains(member)).Select(member => member.GetDocumentationCommentId()), Is.Empty);
    }

    /// <summary>Catches: a new version of System.Numerics.Tensors with methods that nobody has looked at.</summary>
    [Test]
    public void Every_method_of_TensorPrimitives_is_banned_or_known_to_keep_its_bits()
    {
        string[] banned =
        [
            .. Lines.Select(line => Symbol(line)!).Where(symbol => symbol.ContainingType?.ToString() == TensorPrimitives)
                .Select(symbol => symbol.Name).Distinct(),
        ];
        IEnumerable<IMethodSymbol> methods = Libraries.GetTypeByMetadataName(TensorPrimitives)!.GetMembers().OfType<IMethodSymbol>()
            .Where(method => method.DeclaredAccessibility == Accessibility.Public)
            .Where(method => !method.Name.StartsWith("Is", StringComparison.Ordinal));
        IEnumerable<string> all = methods.Select(method => method.Name).Distinct();
        Assert.That(all, Is.EquivalentTo(banned.Concat(SameBits)));
    }

    [TestCase("double Of(double x) => System.Math.Exp(x);")]
    [TestCase("float Of(float x) => System.MathF.Pow(x, 2);")]
    [TestCase("double Of(double x) => double.Log2(x);")]
    [TestCase("T Of<T>(T x) where T : System.Numerics.IFloatingPointIeee754<T> => T.Tanh(x);")]
    [TestCase("T Of<T>(T x) where T : System.Numerics.IFloatingPointIeee754<T> => T.Lerp(x, x, x);")]
    [TestCase("float Of(float[] x) => System.Numerics.Tensors.TensorPrimitives.Sum<float>(x);")]
    [TestCase("void Of(float[] x) => System.Numerics.Tensors.TensorPrimitives.Sigmoid<float>(x, x);")]
    [TestCase("System.Runtime.Intrinsics.Vector128<float> Of(float x) => System.Runtime.Intrinsics.Vector128.Exp(System.Runtime.Intrinsics."
        + "Vector128.Create(x));")]
    [TestCase("float Of(System.Numerics.Vector<float> x) => System.Numerics.Vector.Sum(x);")]
    [TestCase("int Of() => System.Random.Shared.Next();")]
    [TestCase("object Of() => new System.Random(1);")]
    [TestCase("object Of() => System.DateTime.UtcNow;")]
    [TestCase("void Of() => System.Threading.Tasks.Parallel.For(0, 1, i => { });")]
    public async Task A_banned_symbol_does_not_compile(string member) =>
        Assert.That(await Diagnostics(member), Is.EqualTo(new[] { "RS0030" }));

    [TestCase("double Of(double x) => System.Math.Sqrt(System.Math.FusedMultiplyAdd(x, x, 1));")]
    [TestCase("T Of<T>(T x) where T : System.Numerics.IFloatingPointIeee754<T> => T.Max(T.Abs(x), T.Sqrt(x));")]
    [TestCase("void Of(float[] x) => System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<float>(x, x, x, x);")]
    public async Task Exact_operations_compile(string member) => Assert.That(await Diagnostics(member), Is.Empty);

    /// <summary>Catches: an analyzer or a list that the build of Engine no longer looks at, or only warns about.</summary>
    [Test]
    public void The_build_of_Engine_uses_the_list()
    {
        string project = Repository.Read("Engine/Engine.csproj"), shared = Repository.Read("Directory.Build.props");
        const string analyzer = """<PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" PrivateAssets="all" />""";
        Assert.That(project, Does.Contain(analyzer));
        Assert.That(project, Does.Contain("""<AdditionalFiles Include="BannedSymbols.txt" />"""));
        Assert.That(shared, Does.Contain("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>"));
        Assert.That((project + shared + Repository.Read(".editorconfig")).Contains("NoWarn", StringComparison.Ordinal), Is.False);
        Assert.That(Repository.Read(".editorconfig"), Does.Not.Contain("RS0030"));
    }

    private static ISymbol? Symbol(string line) => DocumentationCommentId.GetFirstSymbolForDeclarationId(line.Split(';')[0], Libraries);

    private static async Task<string[]> Diagnostics(string member)
    {
        CSharpCompilation compilation = Libraries.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"class C {{ {member} }}"));
        Assert.That(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        ImmutableArray<DiagnosticAnalyzer> analyzers =
            [
                .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Analyzers"), "*.dll")
                    .SelectMany(file => new AnalyzerFileReference(file, new AnalyzerLoader()).GetAnalyzers(LanguageNames.CSharp)),
            ];
        AnalyzerOptions options = new([new ListFile(Path.Combine(Repository.Root, "Engine", "BannedSymbols.txt"))]);
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(diagnostic => diagnostic.Id).Distinct()];
    }

    private sealed class ListFile(string path) : AdditionalText
    {
        public override string Path { get; } = path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(Path));
    }

    private sealed class AnalyzerLoader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) => System.Reflection.Assembly.LoadFrom(fullPath);
    }
}
