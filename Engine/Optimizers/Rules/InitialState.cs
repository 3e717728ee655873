using System.Globalization;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The value of a state array before the first step: one number, or a copy of the parameter.</summary>
public readonly record struct InitialState
{
    /// <summary>The number, where the array does not start as a copy of the parameter.</summary>
    public double Value { get; private init; }

    /// <summary>Whether the array starts as a copy of the parameter.</summary>
    public bool IsParameter { get; private init; }

    /// <summary>A copy of the parameter.</summary>
    public static InitialState Parameter => new() { IsParameter = true };

    /// <summary>The same number in every element.</summary>
    public static implicit operator InitialState(double value) => new() { Value = value };

    /// <summary>The same number in every element, finite and at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    internal static InitialState NonNegative(string ruleName, Hyperparameter value,
        [CallerArgumentExpression(nameof(value))] string name = "")
    {
        double number = value.At(0);
        return number >= 0 && double.IsFinite(number)
            ? number
            : throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture,
                $"{ruleName}: got {name} = {number}, expected a number that is finite and at least 0."));
    }
}
