using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = Π x over some axes or all, ∂y/∂xᵢ = Π xⱼ over j ≠ i, computed without a division, so that it is right where elements are 0.
/// </summary>
public static class ProductOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The product of all elements, a scalar; 1 if there are none.</summary>
        public Tensor<T> Product() => Apply(x, axisSet: -1, keep: false);

        /// <summary>The product along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Product(int axis, bool keepDimensions = false) => x.Product([axis], keepDimensions);

        /// <summary>The product along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is a copy of x.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> Product(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(Product)), keepDimensions);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape shape = x.Shape.Without(axisSet, keep);
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet), y = Tape<T>.Allocate(shape, out Span<T> elements);
        AxisFold.Run<ProductFold, TermOf<IdentityTerm>, T>(
            default, values.Span, [], elements, ReducedAxes.Layout(values.Shape, axisSet));
        return Tape<T>.Record(new Node<T> { Op = ProductBackward<T>.Instance, A = values, Integer = axisSet }, y);
    }

    private sealed class ProductBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly ProductBackward<T> Instance = new();

        public override string Name => "Product";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Scan.ProductsOfOthers(
                node.A.Span, context.OutputGradient.Span, elements, ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
            context.Accumulate(node.A, dx);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            (int outer, int n, int inner) = ReducedAxes.Layout(node.A.Shape, (int)node.Integer);
            Tensor<T> x = node.A.Reshape(outer, n, inner), y = n == 0 ? Tensor<T>.Ones([outer, inner]) : x.Select(1, 0);
            for (int i = 1; i < n; i++)
            {
                y *= x.Select(1, i);
            }
            return y.Reshape(node.Output.Shape);
        }
    }
}
