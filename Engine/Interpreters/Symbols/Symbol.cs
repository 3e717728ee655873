using System.Numerics;

namespace Engine;

/// <summary>
/// The symbolic lane: a generic formula run on symbols gives the tree of its operations, which prints as text and as LaTeX, and which is
/// evaluated operation by operation in the order of the code, so that the result has the bits of the scalar lane.
/// </summary>
public sealed class Symbol : ILane<Symbol>
{
    private static long s_created;

    internal Symbol(SymbolKind kind, params Symbol[] arguments)
    {
        Kind = kind;
        Arguments = arguments;
    }

    internal SymbolKind Kind { get; }

    internal Symbol[] Arguments { get; }

    /// <summary>The name of a variable or of an intermediate.</summary>
    internal string Name { get; private init; } = "";

    /// <summary>The value of a constant.</summary>
    internal double Number { get; private init; }

    /// <summary>Whether it is a variable or a constant.</summary>
    internal bool IsLeaf => Arguments.Length == 0;

    /// <summary>A number that increases with each new symbol, which gives the order of the program.</summary>
    internal long Serial { get; } = Interlocked.Increment(ref s_created);

    /// <summary>Creates a variable with a name such as <c>θ</c>, <c>β₁</c>, <c>√v̂</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Symbol Variable(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Symbol(SymbolKind.Variable) { Name = name };
    }

    /// <summary>Creates a named intermediate.</summary>
    internal static Symbol Named(string name, Symbol value) => new(SymbolKind.Named, value) { Name = name };

    /// <summary>Converts a scalar of the step to the elements: it is rounded to their precision, and printed unchanged.</summary>
    internal static Symbol ToElements(Symbol scalar) => new(SymbolKind.ToElements, scalar);

    /// <inheritdoc/>
    public static implicit operator Symbol(double value) => new(SymbolKind.Constant) { Number = value };

    /// <inheritdoc/>
    public static Symbol operator +(Symbol a, Symbol b) => new(SymbolKind.Add, a, b);

    /// <inheritdoc/>
    public static Symbol operator -(Symbol a, Symbol b) => new(SymbolKind.Subtract, a, b);

    /// <inheritdoc/>
    public static Symbol operator *(Symbol a, Symbol b) => new(SymbolKind.Multiply, a, b);

    /// <inheritdoc/>
    public static Symbol operator /(Symbol a, Symbol b) => new(SymbolKind.Divide, a, b);

    /// <inheritdoc/>
    public static Symbol operator -(Symbol a) => new(SymbolKind.Negate, a);

    /// <inheritdoc/>
    public static Symbol Sqrt(Symbol x) => new(SymbolKind.Sqrt, x);

    /// <inheritdoc/>
    public static Symbol Abs(Symbol x) => new(SymbolKind.Abs, x);

    /// <inheritdoc/>
    public static Symbol Sign(Symbol x) => new(SymbolKind.Sign, x);

    /// <inheritdoc/>
    public static Symbol Max(Symbol a, Symbol b) => new(SymbolKind.Max, a, b);

    /// <inheritdoc/>
    public static Symbol Min(Symbol a, Symbol b) => new(SymbolKind.Min, a, b);

    /// <inheritdoc/>
    public static Symbol Exp(Symbol x) => new(SymbolKind.Exp, x);

    /// <inheritdoc/>
    public static Symbol Log(Symbol x) => new(SymbolKind.Log, x);

    /// <inheritdoc/>
    public static Symbol Tanh(Symbol x) => new(SymbolKind.Tanh, x);

    /// <inheritdoc/>
    public static Symbol ExpM1(Symbol x) => new(SymbolKind.ExpM1, x);

    /// <inheritdoc/>
    public static Symbol LogP1(Symbol x) => new(SymbolKind.LogP1, x);

    /// <inheritdoc/>
    public static Symbol Sin(Symbol x) => new(SymbolKind.Sin, x);

    /// <inheritdoc/>
    public static Symbol Cos(Symbol x) => new(SymbolKind.Cos, x);

    /// <inheritdoc/>
    public static Symbol Atan(Symbol x) => new(SymbolKind.Atan, x);

    /// <inheritdoc/>
    public static Symbol Erf(Symbol x) => new(SymbolKind.Erf, x);

    /// <inheritdoc/>
    public static Symbol Pow(Symbol x, Symbol y) => new(SymbolKind.Pow, x, y);

    /// <inheritdoc/>
    public static Symbol WhereGreater(Symbol a, Symbol b, Symbol then, Symbol otherwise) =>
        new(SymbolKind.WhereGreater, a, b, then, otherwise);

    /// <summary>The formula in one line of Unicode text, for example <c>η/(1 − β₁ᵗ)·m/(√v̂ + ε)</c>.</summary>
    public string ToText() => SymbolText.Write(this);

    /// <summary>The formula as LaTeX for math mode.</summary>
    public string ToLatex() => SymbolLatex.Write(this);

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    /// <summary>Evaluates the formula, each operation in the precision of the code.</summary>
    /// <param name="values">The values of the variables.</param>
    /// <typeparam name="T">The precision of the elements; scalars of the step are computed in double precision.</typeparam>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public T Evaluate<T>(IReadOnlyDictionary<string, double> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return SymbolValue<T>.Of(this, values);
    }

    /// <summary>Copies the formula, with each part for which <paramref name="replacement"/> returns a symbol replaced by it.</summary>
    internal Symbol Replace(Func<Symbol, Symbol?> replacement) =>
        Replace(replacement, new Dictionary<Symbol, Symbol>(ReferenceEqualityComparer.Instance));

    private Symbol Replace(Func<Symbol, Symbol?> replacement, Dictionary<Symbol, Symbol> done)
    {
        if (!done.TryGetValue(this, out Symbol? result))
        {
            result = replacement(this)
                ?? (IsLeaf ? this : new Symbol(Kind, [.. Arguments.Select(a => a.Replace(replacement, done))]) { Name = Name });
            done.Add(this, result);
        }
        return result;
    }

    /// <summary>All distinct parts, this symbol last.</summary>
    internal IEnumerable<Symbol> Parts()
    {
        HashSet<Symbol> seen = new(ReferenceEqualityComparer.Instance);
        return Walk(this);

        IEnumerable<Symbol> Walk(Symbol symbol) => seen.Add(symbol) ? symbol.Arguments.SelectMany(Walk).Append(symbol) : [];
    }

    /// <summary>Whether two formulas have the same operations.</summary>
    internal static bool Same(Symbol a, Symbol b)
    {
        a = a.Unconverted();
        b = b.Unconverted();
        return ReferenceEquals(a, b)
            || a.Kind == b.Kind && a.Name == b.Name && a.Number.Equals(b.Number)
                && a.Arguments.Length == b.Arguments.Length && a.Arguments.Zip(b.Arguments).All(p => Same(p.First, p.Second));
    }

    /// <summary>The symbol without conversions to the elements, which do not print.</summary>
    internal Symbol Unconverted() => Kind == SymbolKind.ToElements ? Arguments[0].Unconverted() : this;
}
