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
    ExpM1,
    LogP1,
    Sin,
    Cos,
    Atan,
    Erf,
    Pow,
    WhereGreater,
}
