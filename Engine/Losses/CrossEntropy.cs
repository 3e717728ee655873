using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The cross-entropy of class numbers under softmax: for a row x with class t, loss = −ln pₜ with p = softmax(x), as ln Σ e^(x − max) −
/// (xₜ − max); ∂loss/∂x = p − (1 at t). It is computed with the loss in one pass, so that the backward pass costs nothing where it starts
/// from this loss.
/// </summary>
public static class CrossEntropyLoss
{
    extension<T>(Tensor<T> logits) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// With weights w and smoothing s, a row's loss is (1 − s)·wₜ·(−ln pₜ) + s/n·Σₖ wₖ·(−ln pₖ). The mean divides by the sum of the
        /// weights wₜ of the rows that are not ignored. A row all of whose logits are −∞, or with one that is +∞ or NaN, gives NaN.
        /// </summary>
        /// <param name="classes">The class of each row; not retained.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives [rows].</param>
        /// <param name="weights">
        /// w of [n], or the default tensor for 1 each. They get no gradient, as in PyTorch, even if they are the value of a parameter.
        /// </param>
        /// <param name="ignoreClass">Rows of this class are ignored: their loss and gradient are 0.</param>
        /// <param name="labelSmoothing">s in [0, 1].</param>
        /// <exception cref="ArgumentException">
        /// The logits are not [rows, n], there are not as many classes as rows, the weights are not [n]; or there is nothing to take the
        /// mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A class is not 0 … n − 1, s lies outside [0, 1], or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> CrossEntropy(
            ReadOnlySpan<int> classes, LossReduction reduction = LossReduction.Mean, Tensor<T> weights = default, int? ignoreClass = null,
            double labelSmoothing = 0)
        {
            reduction.ThrowIfUndefined("CrossEntropy");
            ClassTargets.Check("CrossEntropy", logits, classes, weights, ignoreClass);
            ClassTargets.CheckSmoothing("CrossEntropy", labelSmoothing);
            int rows = logits.Shape[0], n = logits.Shape[1];
            ReadOnlySpan<T> w = weights.OptionalSpan;
            T scale = reduction == LossReduction.Mean ? T.One / ClassTargets.TotalWeight("CrossEntropy", classes, w, ignoreClass) : T.One;
            T weightSum = w.IsEmpty ? T.CreateTruncating(n) : Reduction.Sum(w);
            Tensor<T> losses = Tape<T>.Allocate([rows]), gradient = Tape<T>.WillRecord(logits) ? Tape<T>.Allocate(logits.Shape) : default;
            CrossEntropyOptions<T> options = new(T.CreateTruncating(labelSmoothing), ignoreClass, weightSum, scale);
            SoftmaxCrossEntropy.Forward(logits.Span, classes, w, losses.Output, gradient.IsDefault ? [] : gradient.Output, n, options);
            Tensor<T> loss = losses;
            if (reduction != LossReduction.None)
            {
                loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
                element[0] = Reduction.Sum(losses.Span) * scale;
            }
            return Tape<T>.Record(
                new Node<T>
                {
                    Op = reduction == LossReduction.Mean ? CrossEntropyBackward<T>.OfMean : CrossEntropyBackward<T>.OfSum,
                    A = logits, B = gradient.IsDefault ? default : weights, Saved = gradient, Scalar = labelSmoothing,
                    Integer = ignoreClass ?? ClassTargets.NoClass,
                },
                loss, [], classes);
        }
    }

    private sealed class CrossEntropyBackward<T>(bool isMean) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly CrossEntropyBackward<T> OfMean = new(true), OfSum = new(false);

        public override string Name => "CrossEntropy";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            // the forward pass has computed it, for an output gradient of 1; nobody else reads it, and Backward runs once on a recording
            Tensor<T> d = node.Saved, g = context.OutputGradient;
            if (g.Length != 1 || g.Span[0] != T.One)
            {
                Shape factor = g.Shape.Rank == 0 ? Shape.Scalar : [g.Length, 1];
                Broadcasting.Zip<MultiplyKernel<T>, T>(d.Span, d.Shape.Extents, g.Span, factor.Extents, d.Output, d.Shape.Extents);
            }
            context.AccumulateOwned(node.A, d);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            int? ignored = node.Integer == ClassTargets.NoClass ? null : (int)node.Integer;
            ReadOnlySpan<T> w = node.B.OptionalSpan;
            T scale = isMean ? T.One / ClassTargets.TotalWeight(Name, context.Indices, w, ignored) : T.One;
            Tensor<T> targets = ClassTargets.Matrix(
                node.A.Shape, context.Indices, w, ignored, T.CreateTruncating(node.Scalar), scale);
            return ClassTargets.Losses(node.A.LogSoftmax(), targets, node.Output.Shape);
        }
    }
}
