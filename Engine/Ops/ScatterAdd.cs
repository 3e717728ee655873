using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = x, but for each element of a source the element of x is increased whose index on one axis is given, and on the others that of the
/// source's element; ∂loss/∂x = g, and ∂loss/∂source is gathered from g.
/// </summary>
public static class ScatterAddOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// A copy of x to which a source is added: for axis 1 of a matrix sourceᵢⱼ to the element [i, <paramref name="indices"/>ᵢⱼ].
        /// </summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="indices">Indices on the axis, in row-major order, one for each element of the source; not kept.</param>
        /// <param name="source">Of x's shape, but with any extent on the axis.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or an index is out of range.</exception>
        /// <exception cref="ArgumentException">The source has another shape, or not as many elements as there are indices.</exception>
        public Tensor<T> ScatterAdd(int axis, ReadOnlySpan<int> indices, Tensor<T> source)
        {
            Shape shape = x.Shape;
            axis = shape.Axis(axis, nameof(ScatterAdd));
            AxisIndices.Check(indices, shape, axis, nameof(ScatterAdd));
            if (source.Shape.Rank != shape.Rank || source.Shape.Without(1 << axis, keep: true) != shape.Without(1 << axis, keep: true)
                || source.Length != indices.Length)
            {
                throw new ArgumentException(
                    $"ScatterAdd: got a source of shape {source.Shape} and {indices.Length} indices on axis {axis} of the shape {shape}, "
                        + "expected the same shape but for the axis, and an index for each element.", nameof(source));
            }
            Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
            x.Span.CopyTo(elements);
            IndexedElements.Add(elements, shape[axis], shape.ElementCount(axis + 1, shape.Rank), indices, source.Span);
            return Tape<T>.Record(new Node<T> { Op = ScatterAddBackward<T>.Instance, A = x, B = source, Integer = axis }, y, [], indices);
        }
    }

    private sealed class ScatterAddBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly ScatterAddBackward<T> Instance = new();

        public override string Name => "ScatterAdd";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            if (context.NeedsGradient(node.B))
            {
                context.Accumulate(node.B, context.OutputGradient.Gather((int)node.Integer, context.Indices));
            }
            context.AccumulateOwned(node.A, context.OutputGradient); // nobody reads the memory of g after this
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => Backward(node, context);
    }
}
