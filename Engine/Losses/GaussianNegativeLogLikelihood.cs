using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = ½(ln v + d²/v) + c with v = max(variance, ε); ∂y/∂d = d/v, ∂y/∂variance = ½(1 − d²/v)/v, also where ε takes the variance's place.
/// </summary>
internal readonly record struct GaussianNegativeLogLikelihoodFunction(double Epsilon, double Constant) : IBinaryFunction
{
    public static string Name => "GaussianNegativeLogLikelihood";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L>
    {
        L v = L.Max(b, Epsilon);
        return 0.5 * (L.Log(v) + a * a / v) + Constant;
    }

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => a / L.Max(b, Epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeB<L>(L a, L b) where L : ILane<L>
    {
        L v = L.Max(b, Epsilon);
        return 0.5 * (1 - a * a / v) / v;
    }
}

/// <summary>The negative logarithm of a normal density at the target, with predicted mean and variance.</summary>
public static class GaussianNegativeLogLikelihoodLoss
{
    /// <summary>½ ln 2π.</summary>
    private const double HalfLogTwoPi = 0.91893853320467274178;

    extension<T>(Tensor<T> mean) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// ½(ln v + (mean − target)²/v) with v = max(variance, ε) (D. Nix, A. Weigend: Estimating the mean and variance of the target
        /// probability distribution, 1994). The variance gets its gradient ½(1 − (mean − target)²/v)/v where it is below ε too, as in
        /// PyTorch, so that it can grow again; the target gets the negative gradient of the mean.
        /// </summary>
        /// <param name="target">Of the mean's shape.</param>
        /// <param name="variance">Of a shape that broadcasts to the mean's; not negative. A NaN gives NaN.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the mean.</param>
        /// <param name="full">Whether the constant ½ ln 2π is added.</param>
        /// <param name="epsilon">ε &gt; 0.</param>
        /// <exception cref="ArgumentException">
        /// The shapes differ, the variance does not broadcast to them, or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A variance is negative, ε is not above 0 in the tensor's precision or not finite, or the reduction is not a defined
        /// value.
        /// </exception>
        public Tensor<T> GaussianNegativeLogLikelihood(
            Tensor<T> target, Tensor<T> variance, LossReduction reduction = LossReduction.Mean, bool full = false, double epsilon = 1e-6)
        {
            const string name = "GaussianNegativeLogLikelihood";
            reduction.ThrowIfUndefined(name);
            LossOption.RequirePositive(name, nameof(epsilon), double.CreateTruncating(T.CreateTruncating(epsilon)));
            ElementwiseLoss.CheckShapes(name, mean.Shape, target.Shape);
            reduction.ThrowIfMeanOfNothing(name, mean.Shape);
            CheckVariance(name, variance, mean.Shape);
            Tensor<T> variances = variance.Shape == mean.Shape ? variance : variance.Expand(mean.Shape);
            return ElementwiseLoss.Apply(
                new GaussianNegativeLogLikelihoodFunction(epsilon, full ? HalfLogTwoPi : 0), mean - target, variances, reduction);
        }
    }

    private static void CheckVariance<T>(string name, in Tensor<T> variance, in Shape mean) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!variance.Shape.BroadcastsTo(mean))
        {
            throw new ArgumentException(
                $"{name}: got a variance of shape {variance.Shape} for a mean of shape {mean}, expected a shape that broadcasts to it.",
                nameof(variance));
        }
        ReadOnlySpan<T> variances = variance.Span;
        // the smallest is NaN if one is, which must not hide a negative one
        bool mayBeNegative = variances.Length > 0 && !(TensorPrimitives.Min(variances) >= T.Zero);
        for (int i = 0; i < variances.Length && mayBeNegative; i++)
        {
            if (variances[i] < T.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(variance),
                    string.Create(
                        CultureInfo.InvariantCulture, $"{name}: got the variance {variances[i]} at position {i}, expected none below 0."));
            }
        }
    }
}
