using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>loss = mean of (p − t)²; ∂loss/∂p = 2(p − t)/n, ∂loss/∂t = −∂loss/∂p.</summary>
public static class MeanSquaredErrorLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The mean of (prediction − target)², or the sum, or each.</summary>
        /// <param name="target">Of the prediction's own shape: [n, 1] against [n] would broadcast to n² differences.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take a mean of.</exception>
        public Tensor<T> MeanSquaredError(Tensor<T> target, LossReduction reduction = LossReduction.Mean)
        {
            if (prediction.Shape != target.Shape)
            {
                throw new ArgumentException($"MeanSquaredError: got a prediction of shape {prediction.Shape} and a target of shape {target.Shape}, expected the same.", nameof(target));
            }
            if (reduction == LossReduction.None)
            {
                return (prediction - target).Square();
            }
            if (reduction == LossReduction.Mean && prediction.Length == 0)
            {
                throw new ArgumentException($"MeanSquaredError: got the shape {prediction.Shape}, expected elements to take the mean of.", nameof(target));
            }
            Tensor<T> loss = Tape<T>.New(Shape.Scalar);
            T count = reduction == LossReduction.Mean ? T.CreateTruncating(prediction.Length) : T.One;
            loss.Output[0] = Reduction.Sum<SquaredDifferenceTerm, T>(prediction.Span, target.Span) / count;
            if (Tape<T>.Records(prediction) || Tape<T>.Records(target))
            {
                Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = prediction, B = target, Attribute = double.CreateTruncating(count) }, loss);
            }
            return loss;
        }
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "MeanSquaredError";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            T factor = T.CreateTruncating(2) * flow.Gradient.Item / T.CreateTruncating(node.Attribute);
            Contribute(flow, node.A, node.B, factor);
            Contribute(flow, node.B, node.A, factor);
        }

        private static void Contribute(in Flow<T> flow, in Tensor<T> input, in Tensor<T> other, T factor)
        {
            if (flow.Wants(input))
            {
                Tensor<T> d = flow.Begin(input);
                ScaledDifference.Run(input.Span, other.Span, d.Output, factor);
                flow.End(input, d);
            }
        }
    }
}
