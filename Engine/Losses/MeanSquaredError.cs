using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>loss = mean of (p − t)²; ∂loss/∂p = 2(p − t)/n, ∂loss/∂t = −∂loss/∂p.</summary>
public static class MeanSquaredErrorLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The mean or the sum of (prediction − target)², or each of them.</summary>
        /// <param name="target">Of the prediction's shape: [n, 1] against [n] would broadcast to n² differences.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The reduction is not a defined value.</exception>
        public Tensor<T> MeanSquaredError(Tensor<T> target, LossReduction reduction = LossReduction.Mean)
        {
            reduction.ThrowIfUndefined("MeanSquaredError");
            ElementwiseLoss.CheckShapes("MeanSquaredError", prediction.Shape, target.Shape);
            if (reduction == LossReduction.None)
            {
                return (prediction - target).Square();
            }
            reduction.ThrowIfMeanOfNothing("MeanSquaredError", prediction.Shape);
            Tensor<T> loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
            T count = reduction == LossReduction.Mean ? T.CreateTruncating(prediction.Length) : T.One;
            element[0] = Reduction.Sum<SquaredDifferenceTerm, T>(prediction.Span, target.Span) / count;
            Op<T> op = MeanSquaredErrorBackward<T>.Instance;
            return Tape<T>.Record(new Node<T> { Op = op, A = prediction, B = target, Scalar = double.CreateTruncating(count) }, loss);
        }
    }

    private sealed class MeanSquaredErrorBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly MeanSquaredErrorBackward<T> Instance = new();

        public override string Name => "MeanSquaredError";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            T factor = T.CreateTruncating(2) * context.OutputGradient.Item / T.CreateTruncating(node.Scalar);
            Contribute(context, node.A, node.B, factor);
            Contribute(context, node.B, node.A, factor);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) =>
            (node.A - node.B).Square().Sum() / node.Scalar;

        private static void Contribute(in BackwardContext<T> context, in Tensor<T> input, in Tensor<T> other, T factor)
        {
            if (context.NeedsGradient(input))
            {
                Tensor<T> d = context.Allocate(input, out Span<T> elements);
                ScaledDifference.Run(input.Span, other.Span, elements, factor);
                context.Accumulate(input, d);
            }
        }
    }
}
