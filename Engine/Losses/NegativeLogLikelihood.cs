using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The negative logarithm of the probability of each row's class t: loss = −wₜ·xₜ, ∂loss/∂xₜ = −wₜ, 0 elsewhere.</summary>
public static class NegativeLogLikelihoodLoss
{
    private const string Name = "NegativeLogLikelihood";

    extension<T>(Tensor<T> logProbabilities) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// −wₜ·xₜ of each row x with class t, for logarithms x of probabilities, as from <c>LogSoftmax</c>. The mean divides by the sum of
        /// the weights wₜ of the rows that are not ignored. For logits, use <c>CrossEntropy</c>, which
        /// computes the same in one pass.
        /// </summary>
        /// <param name="classes">The class of each row; not retained.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives [rows].</param>
        /// <param name="weights">
        /// w of [n], or the default tensor for 1 each. They get no gradient, as in PyTorch, even if they are the value of a parameter.
        /// </param>
        /// <param name="ignoreClass">Rows of this class are ignored: their loss and gradient are 0.</param>
        /// <exception cref="ArgumentException">
        /// The prediction is not [rows, n], there are not as many classes as rows, the weights are not [n]; or there is nothing to take the
        /// mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A class is not 0 … n − 1, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> NegativeLogLikelihood(
            ReadOnlySpan<int> classes, LossReduction reduction = LossReduction.Mean, Tensor<T> weights = default, int? ignoreClass = null)
        {
            reduction.ThrowIfUndefined(Name);
            ClassTargets.Check(Name, logProbabilities, classes, weights, ignoreClass);
            ReadOnlySpan<T> w = weights.OptionalSpan;
            T divisor = reduction == LossReduction.Mean ? ClassTargets.TotalWeight(Name, classes, w, ignoreClass) : T.One;
            Tensor<T> loss = Tape<T>.Allocate([classes.Length], out Span<T> losses);
            ClassElements.Read(logProbabilities.Span, classes, w, ignoreClass, losses);
            if (reduction != LossReduction.None)
            {
                T sum = Reduction.Sum<T>(losses);
                loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
                element[0] = sum / divisor;
            }
            return Tape<T>.Record(
                new Node<T>
                {
                    Op = NegativeLogLikelihoodBackward<T>.Instance, A = logProbabilities,
                    B = Tape<T>.WillRecord(logProbabilities) ? weights : default,
                    Scalar = double.CreateTruncating(divisor), Integer = ignoreClass ?? ClassTargets.NoClass,
                },
                loss, [], classes);
        }
    }

    private sealed class NegativeLogLikelihoodBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly NegativeLogLikelihoodBackward<T> Instance = new();

        public override string Name => NegativeLogLikelihoodLoss.Name;

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            if (context.NeedsGradient(node.A))
            {
                ClassElements.Add(
                    context.AccumulatedGradient(node.A), context.Indices, node.B.OptionalSpan, Ignored(node), context.OutputGradient.Span,
                    T.CreateTruncating(node.Scalar));
            }
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) => ClassTargets.Losses(
            node.A,
            ClassTargets.Matrix(
                node.A.Shape, context.Indices, node.B.OptionalSpan, Ignored(node), T.Zero, T.One / T.CreateTruncating(node.Scalar)),
            node.Output.Shape);

        private static int? Ignored(in Node<T> node) => node.Integer == ClassTargets.NoClass ? null : (int)node.Integer;
    }
}
