using System.Numerics;

namespace Engine;

/// <summary>
/// A formula that writes itself down: the symbolic lane. A generic formula run over symbols leaves the tree of its operations, which prints as text and as LaTeX,
/// and which can be evaluated: operation by operation as the code does it, so that the result has the bits of the scalar lane.
/// </summary>
public sealed class Symbol : ILane<Symbol>
{
    private static long s_made;

    internal Symbol(SymbolKind kind, params Symbol[] arguments)
    {
        Kind = kind;
        Arguments = arguments;
    }

    internal SymbolKind Kind { get; }

    internal Symbol[] Arguments { get; }

    /// <summary>The letter of a variable, the name of an intermediate.</summary>
    internal string Name { get; private init; } = "";

    /// <summary>The value of a constant.</summary>
    internal double Number { get; private init; }

    /// <summary>Whether it is a variable or a constant.</summary>
    internal bool IsLeaf => Arguments.Length == 0;

    /// <summary>Grows with each symbol that is made: the order of the program.</summary>
    internal long Serial { get; } = Interlocked.Increment(ref s_made);

    /// <summary>A variable, by its letter: <c>θ</c>, <c>β₁</c>, <c>√v̂</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Symbol Variable(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Symbol(SymbolKind.Variable) { Name = name };
    }

    /// <summary>An intermediate value under the name that the formula gives it.</summary>
    internal static Symbol Named(string name, Symbol value) => new(SymbolKind.Named, value) { Name = name };

    /// <summary>A scalar of the step converted to the elements: rounded to their precision, and printed as itself.</summary>
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
    public static Symbol Pow(Symbol x, Symbol y) => new(SymbolKind.Pow, x, y);

    /// <inheritdoc/>
    public static Symbol WhereGreater(Symbol a, Symbol b, Symbol then, Symbol otherwise) => new(SymbolKind.WhereGreater, a, b, then, otherwise);

    /// <summary>The formula in one line of Unicode text, for example <c>η/(1 − β₁ᵗ)·m/(√v̂ + ε)</c>.</summary>
    public string ToText() => SymbolText.Write(this);

    /// <summary>The formula as LaTeX for math mode.</summary>
    public string ToLatex() => SymbolLatex.Write(this);

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    /// <summary>The formula's value: every operation in the precision in which the code does it.</summary>
    /// <param name="values">A number for each variable.</param>
    /// <typeparam name="T">The elements' precision; scalars of the step are computed in double precision, as a step does.</typeparam>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public T Evaluate<T>(IReadOnlyDictionary<string, double> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return SymbolValue<T>.Of(this, values);
    }

    /// <summary>The same formula with other parts: a part for which <paramref name="other"/> has a symbol is replaced by it, the rest is copied.</summary>
    internal Symbol Replace(Func<Symbol, Symbol?> other) => Replace(other, new Dictionary<Symbol, Symbol>(ReferenceEqualityComparer.Instance));

    private Symbol Replace(Func<Symbol, Symbol?> other, Dictionary<Symbol, Symbol> done)
    {
        if (!done.TryGetValue(this, out Symbol? result))
        {
            result = other(this) ?? (IsLeaf ? this : new Symbol(Kind, [.. Arguments.Select(a => a.Replace(other, done))]) { Name = Name });
            done.Add(this, result);
        }
        return result;
    }

    /// <summary>Every different part, each once, this one last.</summary>
    internal IEnumerable<Symbol> Parts()
    {
        HashSet<Symbol> seen = new(ReferenceEqualityComparer.Instance);
        return Walk(this);

        IEnumerable<Symbol> Walk(Symbol symbol) => seen.Add(symbol) ? symbol.Arguments.SelectMany(Walk).Append(symbol) : [];
    }

    /// <summary>Whether two formulas are the same, operation by operation.</summary>
    internal static bool Same(Symbol a, Symbol b)
    {
        a = a.Unconverted();
        b = b.Unconverted();
        return ReferenceEquals(a, b)
            || a.Kind == b.Kind && a.Name == b.Name && a.Number.Equals(b.Number) && a.Arguments.Length == b.Arguments.Length && a.Arguments.Zip(b.Arguments).All(p => Same(p.First, p.Second));
    }

    /// <summary>The symbol without conversions to the elements, which do not print.</summary>
    internal Symbol Unconverted() => Kind == SymbolKind.ToElements ? Arguments[0].Unconverted() : this;
}

/// <summary>What a <see cref="Symbol"/> is.</summary>
internal enum SymbolKind
{
    Constant,
    Variable,
    Named,
    ToElements,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Sqrt,
    Abs,
    Sign,
    Max,
    Min,
    Exp,
    Log,
    Tanh,
    Pow,
    WhereGreater,
}
