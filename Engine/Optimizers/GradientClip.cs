using System.Globalization;

namespace Engine;

/// <summary>Clipping of the gradients before a step: by the norm of all of them together, or element by element.</summary>
public readonly record struct GradientClip
{
    /// <summary>The largest global norm; null where the step does not clip by norm.</summary>
    public double? MaximumNorm { get; private init; }

    /// <summary>The largest absolute value of an element; null where the step does not clip by value.</summary>
    public double? MaximumValue { get; private init; }

    /// <summary>No clipping.</summary>
    public static GradientClip None => default;

    /// <summary>
    /// Scales all gradients by min(1, maximum / (‖g‖₂ + 10⁻⁶)), ‖g‖₂ over all parameters of the optimizer: PyTorch's clip_grad_norm_.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is not a positive number.</exception>
    public static GradientClip ByNorm(double maximum) => new() { MaximumNorm = Positive(maximum) };

    /// <summary>Clamps each element to [−maximum, maximum]: PyTorch's clip_grad_value_.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is not a positive number.</exception>
    public static GradientClip ByValue(double maximum) => new() { MaximumValue = Positive(maximum) };

    /// <summary>The factor on all gradients of this global norm.</summary>
    internal double Coefficient(double norm) => MaximumNorm is { } maximum ? Math.Min(1, maximum / (norm + 1e-6)) : 1;

    private static double Positive(double maximum) => maximum > 0 && double.IsFinite(maximum)
        ? maximum
        : throw new ArgumentOutOfRangeException(
            nameof(maximum),
            string.Create(CultureInfo.InvariantCulture, $"GradientClip: got {maximum}, expected a positive number."));
}
