using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) over each channel of each example, the axes from 2 on of [batch, channels, ..]: group
/// normalization with a group for each channel (Ulyanov, Vedaldi, Lempitsky: Instance normalization, 2016).
/// </summary>
public static class InstanceNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x̂ over each channel of each example.</summary>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">
        /// x has fewer than three axes or no channels, or a channel has a single element: x̂ would be 0 whatever it is.
        /// </exception>
        public Tensor<T> InstanceNorm(double epsilon = 1e-5)
        {
            CheckAxes(x.Shape);
            return GroupNormOp.Apply(x, x.Shape[1], default, default, epsilon, "InstanceNorm");
        }

        /// <summary>x̂·weight + bias over each channel of each example.</summary>
        /// <param name="weight">γ of [channels].</param>
        /// <param name="bias">β of [channels].</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">
        /// x has fewer than three axes or no channels, a channel has a single element, or weight and bias are not of [channels].
        /// </exception>
        public Tensor<T> InstanceNorm(Tensor<T> weight, Tensor<T> bias, double epsilon = 1e-5)
        {
            CheckAxes(x.Shape);
            GroupNormOp.CheckShapes(x.Shape, weight.Shape, bias.Shape, "InstanceNorm");
            return GroupNormOp.Apply(x, x.Shape[1], weight, bias, epsilon, "InstanceNorm");
        }
    }

    private static void CheckAxes(in Shape x)
    {
        if (x.Rank < 3 || x[1] == 0)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"InstanceNorm: got the shape {x}, expected [batch, channels, length, ..]."),
                nameof(x));
        }
    }
}
