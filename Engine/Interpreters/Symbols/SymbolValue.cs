using System.Numerics;

namespace Engine;

/// <summary>Evaluates symbols through the scalar lane. A part that occurs several times is evaluated once.</summary>
internal sealed class SymbolValue<T>(IReadOnlyDictionary<string, double> variables) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Symbol, Scalar<T>> _values = new(ReferenceEqualityComparer.Instance);
    private SymbolValue<double>? _scalars;

    public static T Of(Symbol symbol, IReadOnlyDictionary<string, double> values) => new SymbolValue<T>(values).Value(symbol).Value;

    private Scalar<T> Value(Symbol symbol)
    {
        if (!_values.TryGetValue(symbol, out Scalar<T> value))
        {
            value = Compute(symbol);
            _values.Add(symbol, value);
        }
        return value;
    }

    private Scalar<T> Compute(Symbol symbol)
    {
        Symbol[] a = symbol.Arguments;
        return symbol.Kind switch
        {
            SymbolKind.Constant => symbol.Number,
            SymbolKind.Variable => variables.TryGetValue(symbol.Name, out double value)
                ? value
                : throw new ArgumentException($"Symbol.Evaluate: got no value for {symbol.Name}, expected a value for each variable.",
                    nameof(symbol)),
            SymbolKind.Named => Value(a[0]),
            SymbolKind.ToElements => (_scalars ??= new SymbolValue<double>(variables)).Value(a[0]).Value,
            SymbolKind.Add => Value(a[0]) + Value(a[1]),
            SymbolKind.Subtract => Value(a[0]) - Value(a[1]),
            SymbolKind.Multiply => Value(a[0]) * Value(a[1]),
            SymbolKind.Divide => Value(a[0]) / Value(a[1]),
            SymbolKind.Negate => -Value(a[0]),
            SymbolKind.Sqrt => Scalar<T>.Sqrt(Value(a[0])),
            SymbolKind.Abs => Scalar<T>.Abs(Value(a[0])),
            SymbolKind.Sign => Scalar<T>.Sign(Value(a[0])),
            SymbolKind.Max => Scalar<T>.Max(Value(a[0]), Value(a[1])),
            SymbolKind.Min => Scalar<T>.Min(Value(a[0]), Value(a[1])),
            SymbolKind.Exp => Scalar<T>.Exp(Value(a[0])),
            SymbolKind.Log => Scalar<T>.Log(Value(a[0])),
            SymbolKind.Tanh => Scalar<T>.Tanh(Value(a[0])),
            SymbolKind.ExpM1 => Scalar<T>.ExpM1(Value(a[0])),
            SymbolKind.LogP1 => Scalar<T>.LogP1(Value(a[0])),
            SymbolKind.Sin => Scalar<T>.Sin(Value(a[0])),
            SymbolKind.Cos => Scalar<T>.Cos(Value(a[0])),
            SymbolKind.Atan => Scalar<T>.Atan(Value(a[0])),
            SymbolKind.Erf => Scalar<T>.Erf(Value(a[0])),
            SymbolKind.Pow => Scalar<T>.Pow(Value(a[0]), Value(a[1])),
            SymbolKind.WhereGreater => Scalar<T>.WhereGreater(Value(a[0]), Value(a[1]), Value(a[2]), Value(a[3])),
            _ => throw new InvalidOperationException($"Symbol.Evaluate: {symbol.Kind} has no value."),
        };
    }
}
