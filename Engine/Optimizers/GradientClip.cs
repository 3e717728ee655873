using System.Globalization;

namespace Engine;

/// <summary>
/// Clipping of the gradients before a step: by the norm of all of them together, of each parameter's, of each unit's, or element by
/// element. All but <see cref="Adaptive"/> cost no pass over memory beyond the norm's: the sweep multiplies or clamps as the rule runs.
/// </summary>
/// <remarks>
/// A norm that is NaN makes what it clips NaN, and an infinite one makes finite elements 0 and infinite ones NaN, as in PyTorch and optax;
/// <see cref="Optimizer{T}.NonFinite"/> rejects such gradients before. A gradient of zero stays zero.
/// </remarks>
public readonly record struct GradientClip
{
    private readonly double _order;

    private GradientClip(GradientClipKind kind, double bound, string boundName, double epsilon = 0, double order = 0)
    {
        Kind = kind;
        Bound = bound > 0 && double.IsFinite(bound) ? bound : throw OutOfRange(boundName, bound, "a positive number");
        Epsilon = epsilon >= 0 && double.IsFinite(epsilon)
            ? epsilon
            : throw OutOfRange(nameof(epsilon), epsilon, "a number that is finite and at least 0");
        _order = order;
    }

    /// <summary>What is bounded.</summary>
    public GradientClipKind Kind { get; }

    /// <summary>The bound: the largest norm, absolute value, root mean square, or ratio to the weights' norm; 0 without clipping.</summary>
    public double Bound { get; }

    /// <summary>
    /// The number that is added to the norm before the division; the least norm of weights in adaptive clipping; else 0.
    /// </summary>
    public double Epsilon { get; }

    /// <summary>The order p of the norm that the step measures: 2, unless clipping by norm has another.</summary>
    public double Order => Kind == GradientClipKind.ByNorm ? _order : 2;

    /// <summary>Whether clipping needs the norms of the gradients.</summary>
    internal bool MeasuresNorms => Kind is not (GradientClipKind.None or GradientClipKind.ByValue);

    /// <summary>No clipping.</summary>
    public static GradientClip None => default;

    /// <summary>
    /// Scales all gradients by min(1, m/(‖g‖ + ε)), ‖g‖ over all parameters of the optimizer (Pascanu, Mikolov &amp; Bengio, On the
    /// difficulty of training recurrent neural networks, 2013).
    /// </summary>
    /// <param name="maxNorm">The largest norm m &gt; 0.</param>
    /// <param name="epsilon">
    /// ε ≥ 0: PyTorch's clip_grad_norm_ has 10⁻⁶; with 0 it is the paper's m/‖g‖, which is also optax's clip_by_global_norm.
    /// </param>
    /// <param name="p">
    /// The order p ≥ 1 of the norm (Σ |gᵢ|ᵖ)^(1/p); ∞ for the largest absolute value. Other orders than 1, 2 and ∞ cost a power for each
    /// element.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// m is not a positive number, ε is negative or not finite, or p is below 1.
    /// </exception>
    public static GradientClip ByNorm(double maxNorm, double epsilon = 1e-6, double p = 2) => new(
        GradientClipKind.ByNorm, maxNorm, nameof(maxNorm), epsilon,
        p >= 1 ? p : throw OutOfRange(nameof(p), p, "a number from 1 on, or ∞"));

    /// <summary>Clamps each element to [−m, m]: PyTorch's clip_grad_value_, optax's clip.</summary>
    /// <param name="maxValue">The largest absolute value m &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is not a positive number.</exception>
    public static GradientClip ByValue(double maxValue) => new(GradientClipKind.ByValue, maxValue, nameof(maxValue));

    /// <summary>
    /// Scales each parameter's gradient by min(1, m/(‖g‖₂ + ε)) with its own norm: each layer's weight and bias on their own.
    /// </summary>
    /// <param name="maxNorm">The largest norm m &gt; 0.</param>
    /// <param name="epsilon">ε ≥ 0, as in <see cref="ByNorm"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is not a positive number, or ε is negative or not finite.</exception>
    public static GradientClip PerParameter(double maxNorm, double epsilon = 1e-6) =>
        new(GradientClipKind.PerParameter, maxNorm, nameof(maxNorm), epsilon);

    /// <summary>
    /// Scales each parameter's gradient by min(1, d/rms(g)), rms(g) = ‖g‖₂/√n over its n elements: optax's clip_by_block_rms, a bound that
    /// does not depend on the size of the parameter.
    /// </summary>
    /// <param name="threshold">The largest root mean square d &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is not a positive number.</exception>
    public static GradientClip ByBlockRms(double threshold) => new(GradientClipKind.ByBlockRms, threshold, nameof(threshold));

    /// <summary>
    /// Scales the gradient G of each unit by min(1, λ·max(‖W‖₂, ε)/‖G‖₂), W the unit's weights (AGC: Brock, De, Smith &amp; Simonyan,
    /// High-Performance Large-Scale Image Recognition Without Normalization, 2021). A unit is what belongs to one index of the first axis:
    /// the weights of one output in [outputs, inputs, …]; a parameter of which at most one axis is longer than 1 is one unit.
    /// </summary>
    /// <param name="ratio">The largest ratio λ &gt; 0 of the gradient's norm to that of the weights.</param>
    /// <param name="epsilon">The lower bound ε &gt; 0 on the norm of the weights, so that weights of zero can still be updated.</param>
    /// <exception cref="ArgumentOutOfRangeException">λ or ε is not a positive number.</exception>
    /// <remarks>
    /// optax's adaptive_grad_clip does the same for weights of [inputs, outputs]. The clipped gradient is a copy, made in one more pass;
    /// <see cref="Parameter{T}.Gradient"/> stays as it is.
    /// </remarks>
    public static GradientClip Adaptive(double ratio = 0.01, double epsilon = 1e-3) => new(
        GradientClipKind.Adaptive, ratio, nameof(ratio),
        epsilon > 0 ? epsilon : throw OutOfRange(nameof(epsilon), epsilon, "a positive number"));

    /// <summary>What is bounded, and by what.</summary>
    public override string ToString() => Kind switch
    {
        GradientClipKind.ByNorm when Order == 2 => string.Create(CultureInfo.InvariantCulture, $"clipped to norm {Bound}"),
        GradientClipKind.ByNorm => string.Create(
            CultureInfo.InvariantCulture, $"clipped to {(double.IsInfinity(Order) ? "∞" : Order)}-norm {Bound}"),
        GradientClipKind.ByValue => string.Create(CultureInfo.InvariantCulture, $"clipped to values of {Bound}"),
        GradientClipKind.PerParameter => string.Create(CultureInfo.InvariantCulture, $"clipped to norm {Bound} for each parameter"),
        GradientClipKind.ByBlockRms => string.Create(
            CultureInfo.InvariantCulture, $"clipped to root mean square {Bound} for each parameter"),
        GradientClipKind.Adaptive => string.Create(
            CultureInfo.InvariantCulture, $"clipped to {Bound} of the norm of the weights for each unit"),
        _ => "not clipped",
    };

    /// <summary>The factor on gradients of <paramref name="length"/> elements whose norm is given.</summary>
    internal double Coefficient(double norm, int length) => Kind switch
    {
        GradientClipKind.ByNorm or GradientClipKind.PerParameter => Math.Min(1, Bound / (norm + Epsilon)),
        GradientClipKind.ByBlockRms when length > 0 => Math.Min(1, Bound / (norm / Math.Sqrt(length))),
        _ => 1,
    };

    /// <summary>The factor of adaptive clipping on a unit's gradient.</summary>
    internal double UnitCoefficient(double gradientNorm, double valueNorm) =>
        Math.Max(valueNorm, Epsilon) * Bound is var largest && gradientNorm <= largest ? 1 : largest / gradientNorm;

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) => new(
        name, string.Create(CultureInfo.InvariantCulture, $"GradientClip: got {name} = {value}, expected {expected}."));
}
