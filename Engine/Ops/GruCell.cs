using System.Numerics;

namespace Engine;

/// <summary>
/// One step of a gated recurrent unit: h′ = (1 − z)∘n + z∘h with n = tanh(aₙ + r∘bₙ), where r, z = σ of the first two parts of a + b
/// (Cho et
/// al.: Learning phrase representations using RNN encoder–decoder, 2014; r multiplies the product bₙ, as in PyTorch and cuDNN, not h).
/// </summary>
public static class GruCellOp
{
    extension<T>(Tensor<T> fromInput) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The step of a gated recurrent unit.</summary>
        /// <param name="fromHidden">
        /// [batch, 3·hidden], of the same shape as what the input contributes: the hidden state times its weights.
        /// </param>
        /// <param name="hidden">h of [batch, hidden].</param>
        /// <returns>h′ of [batch, hidden].</returns>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> GruCell(Tensor<T> fromHidden, Tensor<T> hidden)
        {
            Shape gates = fromInput.Shape;
            if (gates.Rank != 2 || fromHidden.Shape != gates || hidden.Shape.Rank != 2 || hidden.Shape[0] != gates[0]
                || 3L * hidden.Shape[1] != gates[1])
            {
                throw new ArgumentException(
                    $"GruCell: got gates of shapes {gates} and {fromHidden.Shape} and a hidden state of shape {hidden.Shape}, expected "
                        + "[batch, 3·hidden] twice and [batch, hidden].", nameof(hidden));
            }
            Tensor<T> y = Tape<T>.Allocate(hidden.Shape, out Span<T> elements), kept = Tape<T>.Allocate(gates, out Span<T> saved);
            Kernels.GruCell.Forward(
                new SigmoidFunction(), new TanhFunction(), fromInput.Span, fromHidden.Span, hidden.Span, saved, elements, gates[0],
                hidden.Shape[1]);
            return Tape<T>.Record(
                new Node<T> { Op = GruCellBackward<T>.Instance, A = fromInput, B = fromHidden, C = hidden, Saved = kept }, y);
        }
    }

    private sealed class GruCellBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly GruCellBackward<T> Instance = new();

        public override string Name => "GruCell";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> a = Tape<T>.Allocate(node.A.Shape, out Span<T> dA), b = Tape<T>.Allocate(node.B.Shape, out Span<T> dB),
                hidden = context.Allocate(node.C, out Span<T> dHidden);
            Kernels.GruCell.Backward(
                new SigmoidFunction(), new TanhFunction(), node.B.Span, node.C.Span, node.Saved.Span, context.OutputGradient.Span, dA, dB,
                dHidden, node.C.Shape[0], node.C.Shape[1]);
            context.Accumulate(node.C, hidden);
            context.Accumulate(node.A, a);
            context.Accumulate(node.B, b);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            int h = node.C.Shape[1];
            Tensor<T> a = node.A, b = node.B, gates = (a.Slice(.., ..(2 * h)) + b.Slice(.., ..(2 * h))).Sigmoid();
            Tensor<T> r = gates.Slice(.., ..h), z = gates.Slice(.., h..), n = (a.Slice(.., (2 * h)..) + r * b.Slice(.., (2 * h)..)).Tanh();
            return (1 - z) * n + z * node.C;
        }
    }
}
