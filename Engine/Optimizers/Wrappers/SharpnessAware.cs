using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Makes the steps of another optimizer with the gradient at θ + ρg/‖g‖, where the loss is largest to first order within the distance ρ
/// (SAM: Foret, Kleiner, Mobahi &amp; Neyshabur, Sharpness-Aware Minimization for Efficiently Improving Generalization, 2021). A step
/// costs two forward and backward passes.
/// </summary>
/// <remarks>
/// <code>
/// g = gradient of the loss at θ
/// ĝ = gradient of the loss at θ + ρg/‖g‖, with ‖g‖ over all parameters
/// θ ← a step of the inner optimizer from θ with ĝ in place of g
/// where ‖g‖ is 0 or not finite: ĝ = g
/// </code>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SharpnessAware<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Parameter<T>, Buffer<T>> _original = [];

    /// <summary>Wraps an optimizer.</summary>
    /// <param name="inner">The optimizer; call the step of this object instead of its own.</param>
    /// <param name="radius">The radius ρ ≥ 0; with 0 the steps are those of the inner optimizer.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is outside its range.</exception>
    public SharpnessAware(Optimizer<T> inner, double radius = 0.05)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!(radius >= 0 && T.IsFinite(T.CreateTruncating(radius))))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), string.Create(CultureInfo.InvariantCulture,
                $"SharpnessAware: got radius (ρ) = {radius}, expected a number at least 0 and finite in {ElementType.NameOf<T>()}."));
        }
        Inner = inner;
        Radius = radius;
    }

    /// <summary>The wrapped optimizer.</summary>
    public Optimizer<T> Inner { get; }

    /// <summary>The radius ρ ≥ 0 of the neighborhood.</summary>
    public double Radius { get; }

    /// <summary>
    /// Makes one step: calls the closure at θ and at θ + ρg/‖g‖, and makes a step of the inner optimizer from θ with the second gradient.
    /// If the closure throws, the parameters are at θ again.
    /// </summary>
    /// <param name="closure">
    /// Computes the loss and its gradients for the present values of the parameters, and returns the loss. The gradients were cleared
    /// before.
    /// </param>
    /// <returns>The loss at θ, before the step.</returns>
    /// <remarks>
    /// If the gradient at θ is zero or not finite, the inner optimizer makes its step with that gradient, under its
    /// <see cref="Optimizer{T}.NonFinite"/> policy.
    /// </remarks>
    public T Step(Func<T> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        Inner.ClearGradients();
        T loss = closure();
        double norm = Inner.GlobalNorm();
        if (Radius > 0 && norm > 0 && double.IsFinite(norm))
        {
            Perturb(norm);
            try
            {
                Inner.ClearGradients();
                closure();
            }
            finally
            {
                Restore();
            }
        }
        Inner.Step();
        return loss;
    }

    private void Perturb(double norm)
    {
        double radius = Inner.Maximize ? -Radius : Radius, scale = radius / norm, enlarged = 1;
        if (!T.IsFinite(T.CreateTruncating(scale)))
        {
            // ‖g‖ is so small that ρ/‖g‖ overflows: the gradients, which are cleared next, are first multiplied by a power of two
            enlarged = typeof(T) == typeof(float) ? Math.ScaleB(1, 100) : Math.ScaleB(1, 600);
            scale = radius / (norm * enlarged);
        }
        for (int i = 0; i < Inner.Groups.Count; i++)
        {
            foreach (ParameterEntry<T> entry in Inner.Groups[i].Entries)
            {
                Parameter<T> parameter = entry.Parameter;
                if (!_original.TryGetValue(parameter, out Buffer<T>? original))
                {
                    _original.Add(parameter, original = new Buffer<T>(parameter.Shape.Length, clear: false));
                }
                Span<T> θ = parameter.Value.Output;
                θ.CopyTo(original.Span);
                if (parameter.HasGradient)
                {
                    if (enlarged != 1)
                    {
                        Vectors.Scale(parameter.GradientBuffer.Span, enlarged);
                        parameter.GradientBuffer.Expire();
                    }
                    Vectors.AddScaled(θ, scale, parameter.Gradient.Span);
                }
            }
        }
    }

    private void Restore()
    {
        foreach ((Parameter<T> parameter, Buffer<T> original) in _original)
        {
            original.Span.CopyTo(parameter.Value.Output);
        }
    }
}
