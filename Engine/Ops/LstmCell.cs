using System.Numerics;

namespace Engine;

/// <summary>
/// One step of a long short-term memory: c′ = f∘c + i∘g, h′ = o∘tanh c′, where i, f, o = σ and g = tanh of the four parts of a + b
/// (Hochreiter, Schmidhuber: Long short-term memory, 1997; with the forget gate of Gers et al., 2000, in PyTorch's order i, f, g, o).
/// </summary>
public static class LstmCellOp
{
    extension<T>(Tensor<T> fromInput) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The step of a long short-term memory.</summary>
        /// <param name="fromHidden">
        /// [batch, 4·hidden], of the same shape as what the input contributes: the hidden state times its weights.
        /// </param>
        /// <param name="cell">c of [batch, hidden].</param>
        /// <returns>[2, batch, hidden]: h′ and c′.</returns>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public Tensor<T> LstmCell(Tensor<T> fromHidden, Tensor<T> cell)
        {
            Shape gates = fromInput.Shape;
            if (gates.Rank != 2 || fromHidden.Shape != gates || cell.Shape.Rank != 2 || cell.Shape[0] != gates[0]
                || 4L * cell.Shape[1] != gates[1])
            {
                throw new ArgumentException(
                    $"LstmCell: got gates of shapes {gates} and {fromHidden.Shape} and a cell of shape {cell.Shape}, expected [batch, "
                        + "4·hidden] twice and [batch, hidden].", nameof(cell));
            }
            int rows = gates[0], hidden = cell.Shape[1];
            Tensor<T> y = Tape<T>.Allocate([2, rows, hidden], out Span<T> elements),
                kept = Tape<T>.Allocate([rows, Kernels.LstmCell.Kept * hidden], out Span<T> saved);
            Kernels.LstmCell.Forward(
                new SigmoidFunction(), new TanhFunction(), fromInput.Span, fromHidden.Span, cell.Span, saved, elements[..(rows * hidden)],
                elements[(rows * hidden)..], rows, hidden);
            return Tape<T>.Record(
                new Node<T> { Op = LstmCellBackward<T>.Instance, A = fromInput, B = fromHidden, C = cell, Saved = kept }, y);
        }
    }

    private sealed class LstmCellBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly LstmCellBackward<T> Instance = new();

        public override string Name => "LstmCell";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            int rows = node.C.Shape[0], hidden = node.C.Shape[1];
            ReadOnlySpan<T> g = context.OutputGradient.Span;
            Tensor<T> gates = Tape<T>.Allocate(node.A.Shape, out Span<T> dGates), cell = context.Allocate(node.C, out Span<T> dCell);
            Kernels.LstmCell.Backward(
                new SigmoidFunction(), new TanhFunction(), node.C.Span, node.Saved.Span, g[..(rows * hidden)], g[(rows * hidden)..], dGates,
                dCell, rows, hidden);
            context.Accumulate(node.C, cell);
            context.Accumulate(node.A, gates);
            context.Accumulate(node.B, gates);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            int h = node.C.Shape[1];
            Tensor<T> gates = node.A + node.B;
            Tensor<T> i = gates.Slice(.., ..h).Sigmoid(), f = gates.Slice(.., h..(2 * h)).Sigmoid(),
                g = gates.Slice(.., (2 * h)..(3 * h)).Tanh(), o = gates.Slice(.., (3 * h)..).Sigmoid();
            Tensor<T> cell = f * node.C + i * g;
            return Tensor<T>.Stack([o * cell.Tanh(), cell]);
        }
    }
}
