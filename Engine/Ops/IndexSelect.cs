using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y is made of the slices of x with given indices on an axis; ∂loss/∂x adds up g over the places where a slice was taken.
/// </summary>
public static class IndexSelectOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The slices of x with the given indices on an axis, in the order given: rows of a table for axis 0.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="indices">Indices on the axis, which may repeat; not kept.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or an index is out of range.</exception>
        public Tensor<T> IndexSelect(int axis, ReadOnlySpan<int> indices) =>
            Apply(x, x.Shape.Axis(axis, nameof(IndexSelect)), indices, nameof(IndexSelect));
    }

    /// <summary>The slices, for an operation or layer that names itself in messages.</summary>
    internal static Tensor<T> Apply<T>(in Tensor<T> x, int axis, ReadOnlySpan<int> indices, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape shape = x.Shape;
        AxisIndices.Check(indices, shape, axis, operation);
        Tensor<T> y = Tape<T>.Allocate(AxisIndices.WithExtent(shape, axis, indices.Length), out Span<T> elements);
        IndexedRows.Read(x.Span, shape[axis], shape.ElementCount(axis + 1, shape.Rank), indices, elements);
        return Tape<T>.Record(new Node<T> { Op = IndexSelectBackward<T>.Instance, A = x, Integer = axis }, y, [], indices);
    }

    private sealed class IndexSelectBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly IndexSelectBackward<T> Instance = new();

        public override string Name => "IndexSelect";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Shape shape = node.A.Shape;
            int axis = (int)node.Integer, inner = shape.ElementCount(axis + 1, shape.Rank);
            IndexedRows.Add(
                context.AccumulatedGradient(node.A), shape[axis], inner, context.Indices, context.OutputGradient.Span);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => context.Accumulate(
            node.A, Tensor<T>.Zeros(node.A.Shape).IndexAdd((int)node.Integer, context.Indices, context.OutputGradient));
    }
}
