using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) over each group of adjacent channels of each example, axis 1 of
/// [batch, channels, ..] and all further axes; with ĝ = g·γ: ∂loss/∂x = (ĝ − mean(ĝ) − x̂·mean(ĝ·x̂))/√(variance + ε), and for each channel
/// ∂loss/∂γ = Σ g·x̂, ∂loss/∂β = Σ g (Wu, He: Group normalization, 2018). The variance is that of the elements themselves: divided by n.
/// </summary>
public static class GroupNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x̂ over groups of channels.</summary>
        /// <param name="groups">The number of groups, which divides the number of channels.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">The groups do not divide the channels, or ε is negative.</exception>
        /// <exception cref="ArgumentException">
        /// x has fewer than two axes, or a group has a single element: x̂ would be 0 whatever it is.
        /// </exception>
        public Tensor<T> GroupNorm(int groups, double epsilon = 1e-5) => Apply(x, groups, default, default, epsilon, "GroupNorm");

        /// <summary>x̂·weight + bias over groups of channels.</summary>
        /// <param name="groups">The number of groups, which divides the number of channels.</param>
        /// <param name="weight">γ of [channels].</param>
        /// <param name="bias">β of [channels].</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">The groups do not divide the channels, or ε is negative.</exception>
        /// <exception cref="ArgumentException">
        /// x has fewer than two axes, a group has a single element, or weight and bias are not of [channels].
        /// </exception>
        public Tensor<T> GroupNorm(int groups, Tensor<T> weight, Tensor<T> bias, double epsilon = 1e-5)
        {
            CheckShapes(x.Shape, weight.Shape, bias.Shape, "GroupNorm");
            return Apply(x, groups, weight, bias, epsilon, "GroupNorm");
        }
    }

    /// <summary>Throws unless x has channels, and weight and bias have one number for each.</summary>
    internal static void CheckShapes(in Shape x, in Shape weight, in Shape bias, string operation)
    {
        if (x.Rank >= 2 && (weight.Rank != 1 || weight[0] != x[1] || bias != weight))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got a weight of shape {weight} and a bias of shape {bias} for the shape {x}, expected [{x[1]}] for "
                        + $"both."),
                nameof(weight));
        }
    }

    /// <summary>The normalization under the name of an operation.</summary>
    internal static Tensor<T> Apply<T>(
        in Tensor<T> x, int groups, in Tensor<T> weight, in Tensor<T> bias, double epsilon, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NormalizationEpsilon.Check(epsilon, operation);
        if (x.Shape.Rank < 2)
        {
            throw new ArgumentException(
                $"{operation}: got the shape {x.Shape}, expected [batch, channels] or [batch, channels, ..].", nameof(x));
        }
        if (groups < 1 || x.Shape[1] % groups != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got {groups} groups for the shape {x.Shape}, expected a number that divides the {x.Shape[1]} "
                        + $"channels."));
        }
        GroupLayout layout = Layout(x.Shape, groups);
        if (layout.RowLength == 1)
        {
            throw new ArgumentException(
                $"{operation}: got the shape {x.Shape} with a single element in each group, expected more than one to take mean and "
                    + "variance of.",
                nameof(x));
        }
        return GroupNormBackward<T>.Instance.Apply(x, weight, bias, layout, epsilon, groups);
    }

    private static GroupLayout Layout(in Shape x, int groups) => new(x[0], groups, x[1] / groups, x.ElementCount(2, x.Rank));

    private sealed class GroupNormBackward<T> : NormalizationOp<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly GroupNormBackward<T> Instance = new();

        public override string Name => "GroupNorm";

        protected override GroupLayout Layout(in Node<T> node) => GroupNormOp.Layout(node.A.Shape, (int)node.Integer);

        protected override Tensor<T> PerElement(in Tensor<T> parameter, in Shape x)
        {
            Span<int> extents = stackalloc int[x.Rank - 1];
            extents.Fill(1);
            extents[0] = x[1];
            return parameter.Reshape(extents);
        }
    }
}
