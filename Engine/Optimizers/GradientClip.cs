using System.Globalization;

namespace Engine;

/// <summary>Clipping of the gradients before a step: by the norm of all of them together, or element by element.</summary>
public readonly record struct GradientClip
{
    /// <summary>The largest global norm; null where the step does not clip by norm.</summary>
    public double? MaxNorm { get; private init; }

    /// <summary>The number that is added to the norm before the division; 0 where the step does not clip by norm.</summary>
    public double Epsilon { get; private init; }

    /// <summary>The largest absolute value of an element; null where the step does not clip by value.</summary>
    public double? MaxValue { get; private init; }

    /// <summary>No clipping.</summary>
    public static GradientClip None => default;

    /// <summary>
    /// Scales all gradients by min(1, m/(‖g‖₂ + ε)), ‖g‖₂ over all parameters of the optimizer (Pascanu, Mikolov &amp; Bengio, On the
    /// difficulty of training recurrent neural networks, 2013).
    /// </summary>
    /// <param name="maxNorm">The largest norm m &gt; 0.</param>
    /// <param name="epsilon">
    /// ε ≥ 0: PyTorch's clip_grad_norm_ has 10⁻⁶; with 0 it is the paper's m/‖g‖₂, which is also optax's clip_by_global_norm.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">m is not a positive number, or ε is negative or not finite.</exception>
    public static GradientClip ByNorm(double maxNorm, double epsilon = 1e-6) => new()
    {
        MaxNorm = Positive(maxNorm, nameof(maxNorm)),
        Epsilon = epsilon >= 0 && double.IsFinite(epsilon)
            ? epsilon
            : throw OutOfRange(nameof(epsilon), epsilon, "a number that is finite and at least 0"),
    };

    /// <summary>Clamps each element to [−m, m]: PyTorch's clip_grad_value_.</summary>
    /// <param name="maxValue">The largest absolute value m &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is not a positive number.</exception>
    public static GradientClip ByValue(double maxValue) => new() { MaxValue = Positive(maxValue, nameof(maxValue)) };

    /// <summary>What is bounded, and by what.</summary>
    public override string ToString() => MaxNorm is { } norm ? string.Create(CultureInfo.InvariantCulture, $"clipped to norm {norm}")
        : MaxValue is { } value ? string.Create(CultureInfo.InvariantCulture, $"clipped to values of {value}")
        : "not clipped";

    /// <summary>The factor on all gradients of this global norm.</summary>
    internal double Coefficient(double norm) => MaxNorm is { } max ? Math.Min(1, max / (norm + Epsilon)) : 1;

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw OutOfRange(name, value, "a positive number");

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) => new(
        name, string.Create(CultureInfo.InvariantCulture, $"GradientClip: got {name} = {value}, expected {expected}."));
}
