using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// What a loss may add for large weights. The gradient of the L2 penalty is λ·w: under plain gradient descent adding it to the loss is weight decay with the factor λ. Under a rule that
/// rescales gradients (Adam) it is not: there it is L2 in the gradient, and decoupled decay is a setting of the optimizer.
/// </summary>
public static class Penalty
{
    /// <summary>λ·Σ|w| over all elements of all parameters; its gradient is λ·sign w, 0 at 0.</summary>
    /// <param name="parameters">Which parameters; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public static Tensor<T> L1<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, AbsoluteRule<T>.Instance);

    /// <summary>λ/2·Σ w² over all elements of all parameters; its gradient is λ·w (that is what the ½ is for).</summary>
    /// <param name="parameters">Which parameters; usually weights, not biases.</param>
    /// <param name="lambda">λ ≥ 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public static Tensor<T> L2<T>(IReadOnlyList<Parameter<T>> parameters, double lambda) where T : unmanaged, IFloatingPointIeee754<T> =>
        Sum(parameters, lambda, SquareRule<T>.Instance);

    private static Tensor<T> Sum<T>(IReadOnlyList<Parameter<T>> parameters, double lambda, Rule<T> rule) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(lambda >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, string.Create(CultureInfo.InvariantCulture, $"{rule.Name}: got λ = {lambda}, expected a number that is not negative."));
        }
        Tensor<T> total = Tape<T>.New(Shape.Scalar);
        total.Output[0] = T.Zero;
        for (int i = 0; i < parameters.Count; i++)
        {
            Tensor<T> w = parameters[i].Value, sum = Tape<T>.New(Shape.Scalar);
            sum.Output[0] = total.Item + T.CreateTruncating(lambda) * rule.Of(w.Span);
            if (Tape<T>.Records(w))
            {
                Tape<T>.Add(new Node<T> { Op = rule, A = w, B = total, Attribute = lambda }, sum);
            }
            total = sum;
        }
        return total;
    }

    /// <summary>y = b + λ·penalty(a): one use for each parameter.</summary>
    private abstract class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The penalty without λ.</summary>
        public abstract T Of(ReadOnlySpan<T> w);

        /// <summary>The penalty's derivative times a factor.</summary>
        protected abstract void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor);

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Tensor<T> d = flow.Begin(node.A);
            Derivative(node.A.Span, d.Output, T.CreateTruncating(node.Attribute) * flow.Gradient.Item);
            flow.End(node.A, d);
            Binary.Contribute(flow, node.B);
        }
    }

    private sealed class AbsoluteRule<T> : Rule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly AbsoluteRule<T> Instance = new();

        public override string Name => "L1";

        public override T Of(ReadOnlySpan<T> w) => Reduction.Sum<AbsoluteTerm, T>(w, w);

        protected override void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor)
        {
            d.Fill(factor);
            Elementwise.MapBack<AbsOp.Formula, T>(w, w, d, d);
        }
    }

    private sealed class SquareRule<T> : Rule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly SquareRule<T> Instance = new();

        public override string Name => "L2";

        public override T Of(ReadOnlySpan<T> w) => Reduction.Dot(w, w) / T.CreateTruncating(2);

        protected override void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor) =>
            Broadcasting.Zip<MultiplyOperation<T>, T>(w, [w.Length], new ReadOnlySpan<T>(in factor), [], d, [w.Length]);
    }
}
