using System.Globalization;

namespace Engine;

/// <summary>A hyperparameter of a run as it is logged: a number, a text or a Boolean.</summary>
public readonly record struct HyperparameterValue
{
    private readonly string? _text;
    private readonly double _number;

    private HyperparameterValue(HyperparameterKind kind, string? text, double number) => (Kind, _text, _number) = (kind, text, number);

    /// <summary>What it is.</summary>
    public HyperparameterKind Kind { get; }

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public double Number => Kind == HyperparameterKind.Number ? _number : throw Not(HyperparameterKind.Number);

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public string Text => Kind == HyperparameterKind.Text ? _text! : throw Not(HyperparameterKind.Text);

    /// <summary>The Boolean.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public bool Boolean => Kind == HyperparameterKind.Boolean ? _number != 0 : throw Not(HyperparameterKind.Boolean);

    /// <summary>A number as a hyperparameter.</summary>
    /// <param name="number">Any number.</param>
    public static implicit operator HyperparameterValue(double number) => new(HyperparameterKind.Number, null, number);

    /// <summary>A text as a hyperparameter.</summary>
    /// <param name="text">Any text but null.</param>
    public static implicit operator HyperparameterValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(HyperparameterKind.Text, text, 0);
    }

    /// <summary>A Boolean as a hyperparameter.</summary>
    /// <param name="boolean">True or false.</param>
    public static implicit operator HyperparameterValue(bool boolean) => new(HyperparameterKind.Boolean, null, boolean ? 1 : 0);

    /// <summary>The value as text: a number in as few digits as give it back, <c>true</c> or <c>false</c>, or the text itself.</summary>
    public override string ToString() => Kind switch
    {
        HyperparameterKind.Text => _text!,
        HyperparameterKind.Boolean => _number != 0 ? "true" : "false",
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };

    private InvalidOperationException Not(HyperparameterKind expected) =>
        new($"HyperparameterValue: got {Kind} '{ToString()}', expected {expected}.");
}
