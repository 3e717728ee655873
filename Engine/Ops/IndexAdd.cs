using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = x, but the slices with given indices on an axis are increased by those of a source; ∂loss/∂x = g, ∂loss/∂source are the slices of g.
/// </summary>
public static class IndexAddOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// A copy of x in which slice i of the source is added to the slice with the index <paramref name="indices"/>[i] on an axis.
        /// </summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="indices">Indices on the axis, which may repeat; not kept.</param>
        /// <param name="source">Of x's shape, but with as many elements on the axis as there are indices.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or an index is out of range.</exception>
        /// <exception cref="ArgumentException">The source has another shape.</exception>
        public Tensor<T> IndexAdd(int axis, ReadOnlySpan<int> indices, Tensor<T> source)
        {
            Shape shape = x.Shape;
            axis = shape.Axis(axis, nameof(IndexAdd));
            AxisIndices.Check(indices, shape, axis, nameof(IndexAdd));
            Shape expected = AxisIndices.WithExtent(shape, axis, indices.Length);
            if (source.Shape != expected)
            {
                throw new ArgumentException(
                    $"IndexAdd: got a source of shape {source.Shape} for {indices.Length} indices on axis {axis} of the shape {shape}, "
                        + $"expected {expected}.", nameof(source));
            }
            Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
            x.Span.CopyTo(elements);
            IndexedRows.Add(elements, shape[axis], shape.ElementCount(axis + 1, shape.Rank), indices, source.Span);
            return Tape<T>.Record(new Node<T> { Op = IndexAddBackward<T>.Instance, A = x, B = source, Integer = axis }, y, [], indices);
        }
    }

    private sealed class IndexAddBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly IndexAddBackward<T> Instance = new();

        public override string Name => "IndexAdd";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            if (context.NeedsGradient(node.B))
            {
                context.Accumulate(node.B, context.OutputGradient.IndexSelect((int)node.Integer, context.Indices));
            }
            context.AccumulateOwned(node.A, context.OutputGradient); // nobody reads the memory of g after this
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => Backward(node, context);
    }
}
