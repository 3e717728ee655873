using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Terms that a loss may add for large weights. The gradient of the L2 penalty is λ·w: with plain gradient descent, adding it to the loss
/// is weight decay with the factor λ. With a rule that rescales gradients, such as Adam, it is L2 in the gradient; decoupled decay is a
/// setting of the optimizer.
/// </summary>
public static class Penalty
{
    /// <summary>λ·Σ|w| over all elements of all parameters; its gradient is λ·sign w, 0 at 0.</summary>
    /// <param name="parameters">The parameters to penalize; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public static Tensor<T> L1<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, L1Backward<T>.Instance);

    /// <summary>λ/2·Σ w² over all elements of all parameters; its gradient is λ·w (hence the ½).</summary>
    /// <param name="parameters">The parameters to penalize; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public static Tensor<T> L2<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, L2Backward<T>.Instance);

    private static Tensor<T> Sum<T>(IReadOnlyList<Parameter<T>> parameters, double lambda, PenaltyBackward<T> op)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(lambda >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(lambda),
                string.Create(CultureInfo.InvariantCulture, $"{op.Name}: got λ = {lambda}, expected a number that is not negative."));
        }
        Tensor<T> total = Pairwise.Constant<T>(0);
        for (int i = 0; i < parameters.Count; i++)
        {
            Tensor<T> w = parameters[i].Value, sum = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
            element[0] = total.Item + T.CreateTruncating(lambda) * op.Value(w.Span);
            total = Tape<T>.Record(new Node<T> { Op = op, A = w, B = total, Scalar = lambda }, sum);
        }
        return total;
    }
}
