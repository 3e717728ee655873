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
        public Tensor<T> Linear(Tensor<T> weight, Tensor<T> bias) =>
            bias.Shape.Rank == 1 && weight.Shape.Rank == 2 && bias.Shape[0] == weight.Shape[0]
            ? Apply(x, weight, bias)
            : throw new ArgumentException(
                $"Linear: got a bias of shape {bias.Shape} for a weight of shape {weight.Shape}, expected [outputs] and [outputs, "
                    + "inputs].",
                nameof(bias));
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (weight.Shape.Rank != 2 || x.Shape.Rank == 0 || x.Shape[-1] != weight.Shape[1])
        {
            throw new ArgumentException(
                $"Linear: got an input of shape {x.Shape} for a weight of shape {weight.Shape}, expected [.., inputs] and [outputs, "
                    + "inputs].",
                nameof(x));
        }
        int inputs = weight.Shape[1], outputs = weight.Shape[0], rows = x.Shape.ElementCount(0, x.Shape.Rank - 1);
        Span<int> extents = stackalloc int[Shape.MaxRank];
        x.Shape.Extents.CopyTo(extents);
        extents[x.Shape.Rank - 1] = outputs;
        Tensor<T> y = Tape<T>.Allocate(new Shape(extents[..x.Shape.Rank]), out Span<T> elements);
        MatrixProduct.Multiply(x.Span, false, weight.Span, true, elements, rows, outputs, inputs);
        if (!bias.IsDefault)
        {
            Broadcasting.Zip<AddKernel<T>, T>(elements, [rows, outputs], bias.Span, [outputs], elements, [rows, outputs]);
        }
        return Tape<T>.Record(new Node<T> { Op = LinearBackward<T>.Instance, A = x, B = weight, C = bias }, y);
    }

    private sealed class LinearBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly LinearBackward<T> Instance = new();

        public override string Name => "Linear";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            int inputs = node.B.Shape[1], outputs = node.B.Shape[0], rows = node.A.Shape.ElementCount(0, node.A.Shape.Rank - 1);
            ReadOnlySpan<T> g = context.OutputGradient.Span;
            if (context.NeedsGradient(node.C))
            {
                Tensor<T> d = context.Allocate(node.C, out Span<T> elements);
                if (outputs > 0)
                {
                    Reduction.SumAxis(g, elements, 1, rows, outputs);
                }
                context.Accumulate(node.C, d);
            }
            if (context.NeedsGradient(node.B))
            {
                Tensor<T> d = context.Allocate(node.B, out Span<T> elements);
                MatrixProduct.Multiply(g, true, node.A.Span, false, elements, outputs, inputs, rows);
                context.Accumulate(node.B, d);
            }
            if (context.NeedsGradient(node.A))
            {
                Tensor<T> d = context.Allocate(node.A, out Span<T> elements);
                MatrixProduct.Multiply(g, false, node.B.Span, false, elements, rows, inputs, outputs);
                context.Accumulate(node.A, d);
            }
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> product = node.A.MatMul(node.B, transposeB: true);
            return node.C.IsDefault ? product : product + node.C;
        }
    }
}
