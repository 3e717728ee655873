using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Bounds that are enforced on a parameter after the optimizer's step, instead of penalized in the loss.</summary>
public static class Constraint
{
    /// <summary>
    /// Scales the parts of a parameter whose 2-norm exceeds a bound down to it: w ← w·bound/‖w‖ (Keras' max_norm, PyTorch's renorm).
    /// Call it after each step. Nothing is recorded; a recording that has read the value before refuses its backward pass if anything has
    /// changed. A part with a NaN or an infinite element is left as it is.
    /// </summary>
    /// <param name="parameter">The parameter; usually a weight [outputs, inputs, …].</param>
    /// <param name="bound">The largest norm allowed, not negative.</param>
    /// <param name="axes">
    /// The axes that a norm is taken over; negative ones count from the last. Without any, all but the first: the inputs of each output. A
    /// vector's or a scalar's elements are then bounded one by one.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or not finite, or there is no such axis.</exception>
    /// <exception cref="ArgumentException">An axis is repeated.</exception>
    public static void MaxNorm<T>(Parameter<T> parameter, double bound, params ReadOnlySpan<int> axes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!(double.IsFinite(bound) && bound >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bound),
                string.Create(
                    CultureInfo.InvariantCulture, $"MaxNorm: got the bound {bound}, expected a finite non-negative number."));
        }
        Shape shape = parameter.Shape;
        int axisSet = axes.IsEmpty ? ((1 << shape.Rank) - 1) & ~1 : shape.AxisSet(axes, nameof(MaxNorm));
        Shape parts = shape.Without(axisSet, keep: true);
        using MaxNormFactors<T> factors = new(parameter.Value.Span, shape.Extents, parts.Extents, bound);
        if (factors.AnyBelowOne)
        {
            Broadcasting.Zip<MultiplyKernel<T>, T>(
                parameter.Value.Span, shape.Extents, factors.Span, parts.Extents, parameter.Value.Output, shape.Extents);
        }
    }
}
