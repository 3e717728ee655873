using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Terms that a loss may add for large weights. The gradient of the L2 penalty is λ·w: with plain gradient descent, adding it to the loss
/// is weight decay with the factor λ. With a rule that rescales gradients, such as Adam, it is not; decoupled decay is a setting of the
/// optimizer.
/// </summary>
public static class Penalty
{
    /// <summary>λ·Σ|w| over all elements of all parameters; its gradient is λ·sign w, 0 at 0.</summary>
    /// <param name="parameters">The parameters to penalize; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static Tensor<T> L1<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, L1Backward<T>.Instance);

    /// <summary>λ/2·Σ w² over all elements of all parameters; its gradient is λ·w (hence the ½).</summary>
    /// <param name="parameters">The parameters to penalize; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static Tensor<T> L2<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, L2Backward<T>.Instance);

    /// <summary>λ₁·Σ|w| + λ₂/2·Σ w² over all elements of all parameters: the elastic net (H. Zou, T. Hastie, 2005).</summary>
    /// <param name="parameters">The parameters to penalize; usually weights, not biases.</param>
    /// <param name="lambda1">λ₁ ≥ 0.</param>
    /// <param name="lambda2">λ₂ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ₁ or λ₂ is negative or not finite.</exception>
    public static Tensor<T> ElasticNet<T>(IReadOnlyList<Parameter<T>> parameters, double lambda1, double lambda2)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckLambda(lambda1, nameof(ElasticNet), nameof(lambda1));
        CheckLambda(lambda2, nameof(ElasticNet), nameof(lambda2));
        return L1(parameters, lambda1) + L2(parameters, lambda2);
    }

    /// <summary>
    /// λ·Σ ‖WWᵀ − I‖²_F over all parameters: it makes their rows orthonormal. Its gradient is 4λ(WWᵀ − I)W. A tensor of more axes is
    /// treated as the matrix [first axis, all others]. If W has more rows than columns, its columns become orthonormal: ‖WᵀW − I‖²_F has
    /// the same gradient and the minimum 0.
    /// </summary>
    /// <param name="parameters">The weights to penalize, each of at least two axes.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A parameter has fewer than two axes.</exception>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static Tensor<T> Orthogonality<T>(IReadOnlyList<Parameter<T>> parameters, double lambda)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckParameters(parameters);
        CheckLambda(lambda, nameof(Orthogonality), nameof(lambda));
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Shape.Rank < 2)
            {
                throw new ArgumentException(
                    $"Orthogonality: got the parameter '{parameters[i].Name}' of shape {parameters[i].Shape}, expected at least two axes.",
                    nameof(parameters));
            }
        }
        Tensor<T> total = Pairwise.Constant<T>(0);
        for (int i = 0; i < parameters.Count; i++)
        {
            Shape shape = parameters[i].Shape;
            int rows = shape[0], columns = shape.ElementCount(1, shape.Rank);
            Tensor<T> w = parameters[i].Value.Reshape(new Shape(rows, columns));
            Tensor<T> products = rows <= columns ? w.MatMul(w, transposeB: true) : w.MatMul(w, transposeA: true);
            total += lambda * (products - Identity<T>(Math.Min(rows, columns))).Square().Sum();
        }
        return total;
    }

    private static Tensor<T> Identity<T>(int n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> identity = Tape<T>.Allocate([n, n], out Span<T> elements);
        elements.Clear();
        for (int i = 0; i < n; i++)
        {
            elements[i * n + i] = T.One;
        }
        return identity;
    }

    private static void CheckParameters<T>(IReadOnlyList<Parameter<T>> parameters) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(parameters[i], nameof(parameters));
        }
    }

    private static void CheckLambda(double lambda, string penalty, string name)
    {
        if (!(double.IsFinite(lambda) && lambda >= 0))
        {
            throw new ArgumentOutOfRangeException(
                name,
                string.Create(
                    CultureInfo.InvariantCulture, $"{penalty}: got {Letter(name)} = {lambda}, expected a finite non-negative number."));
        }
    }

    private static string Letter(string name) => name.Replace("lambda", "λ", StringComparison.Ordinal);

    private static Tensor<T> Sum<T>(IReadOnlyList<Parameter<T>> parameters, double lambda, PenaltyBackward<T> op)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckParameters(parameters);
        CheckLambda(lambda, op.Name, nameof(lambda));
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
