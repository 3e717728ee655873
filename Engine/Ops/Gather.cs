using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y has one element of x for each index: on one axis its index is the given one, on the others that of the result. ∂loss/∂x adds up g
/// over the places where an element was taken.
/// </summary>
public static class GatherOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// For axis 1 of a matrix yᵢⱼ = x at [i, <paramref name="indices"/>ᵢⱼ]: for example the logarithm of the probability of each row's
        /// class.
        /// </summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="indices">
        /// Indices on the axis, in row-major order, as many as x's other axes have places or a multiple; not kept. The multiple is the
        /// extent of the axis in the result.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or an index is out of range.</exception>
        /// <exception cref="ArgumentException">The number of indices is not such a multiple.</exception>
        public Tensor<T> Gather(int axis, ReadOnlySpan<int> indices)
        {
            Shape shape = x.Shape;
            axis = shape.Axis(axis, nameof(Gather));
            AxisIndices.Check(indices, shape, axis, nameof(Gather));
            int places = shape.Without(1 << axis, keep: false).Length;
            if (places == 0 ? indices.Length > 0 : indices.Length % places != 0)
            {
                throw new ArgumentException(
                    $"Gather: got {indices.Length} indices on axis {axis} of the shape {shape}, expected a multiple of {places}.",
                    nameof(indices));
            }
            int count = places == 0 ? 0 : indices.Length / places;
            Tensor<T> y = Tape<T>.Allocate(AxisIndices.WithExtent(shape, axis, count), out Span<T> elements);
            IndexedElements.Read(x.Span, shape[axis], shape.ElementCount(axis + 1, shape.Rank), indices, elements);
            return Tape<T>.Record(new Node<T> { Op = GatherBackward<T>.Instance, A = x, Integer = axis }, y, [], indices);
        }
    }

    private sealed class GatherBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly GatherBackward<T> Instance = new();

        public override string Name => "Gather";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Shape shape = node.A.Shape;
            int axis = (int)node.Integer, inner = shape.ElementCount(axis + 1, shape.Rank);
            IndexedElements.Add(
                context.AccumulatedGradient(node.A), shape[axis], inner, context.Indices, context.OutputGradient.Span);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => context.Accumulate(
            node.A, Tensor<T>.Zeros(node.A.Shape).ScatterAdd((int)node.Integer, context.Indices, context.OutputGradient));
    }
}
