namespace Engine;

/// <summary>The kinds of <see cref="Symbol"/>: leaves, wrappers and operations.</summary>
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
