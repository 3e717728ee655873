using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Y = X·Wᵀ + b over the last axis; ∂loss/∂X = G·W, ∂loss/∂W = Gᵀ·X, ∂loss/∂b = Σ G over all other axes.</summary>
public static class LinearOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x·weightᵀ over the last axis: [.., inputs] becomes [.., outputs].</summary>
        /// <param name="weight">[outputs, inputs].</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> Linear(Tensor<T> weight) => Apply(x, weight, default);

        /// <summary>x·weightᵀ + bias over the last axis: [.., inputs] becomes [.., outputs].</summary>
        /// <param name="weight">[outputs, inputs].</param>
        /// <param name="bias">[outputs].</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> Linear(Tensor<T> weight, Tensor<T> bias) => bias.Shape.Rank == 1 && weight.Shape.Rank == 2 && bias.Shape[0] == weight.Shape[0]
            ? Apply(x, weight, bias)
            : throw new ArgumentException($"Linear: got a bias of shape {bias.Shape} for a weight of shape {weight.Shape}, expected [outputs] and [outputs, inputs].", nameof(bias));
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (weight.Shape.Rank != 2 || x.Shape.Rank == 0 || x.Shape[-1] != weight.Shape[1])
        {
            throw new ArgumentException($"Linear: got an input of shape {x.Shape} for a weight of shape {weight.Shape}, expected [.., inputs] and [outputs, inputs].", nameof(x));
        }
        int inputs = weight.Shape[1], outputs = weight.Shape[0], rows = x.Shape.Product(0, x.Shape.Rank - 1);
        Span<int> extents = stackalloc int[Shape.MaxRank];
        x.Shape.Extents.CopyTo(extents);
        extents[x.Shape.Rank - 1] = outputs;
        bool hasBias = Optional.Has(bias);
        Tensor<T> y = Tape<T>.New(new Shape(extents[..x.Shape.Rank]));
        MatrixProduct.Multiply(x.Span, false, weight.Span, true, y.Output, rows, outputs, inputs);
        if (hasBias)
        {
            Broadcasting.Zip<AddOperation<T>, T>(y.Span, [rows, outputs], bias.Span, [outputs], y.Output, [rows, outputs]);
        }
        if (Tape<T>.Records(x) || Tape<T>.Records(weight) || Optional.Records(bias))
        {
            Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = x, B = weight, C = bias }, y);
        }
        return y;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Linear";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            int inputs = node.B.Shape[1], outputs = node.B.Shape[0], rows = node.A.Shape.Product(0, node.A.Shape.Rank - 1);
            ReadOnlySpan<T> g = flow.Gradient.Span;
            if (Optional.Wants(flow, node.C))
            {
                Tensor<T> d = flow.Begin(node.C);
                Reduction.SumAxis(g, d.Output, 1, rows, outputs);
                flow.End(node.C, d);
            }
            if (flow.Wants(node.B))
            {
                Tensor<T> d = flow.Begin(node.B);
                MatrixProduct.Multiply(g, true, node.A.Span, false, d.Output, outputs, inputs, rows);
                flow.End(node.B, d);
            }
            if (flow.Wants(node.A))
            {
                Tensor<T> d = flow.Begin(node.A);
                MatrixProduct.Multiply(g, false, node.B.Span, false, d.Output, rows, inputs, outputs);
                flow.End(node.A, d);
            }
        }
    }
}
