using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A function of the softmax family as an operation along an axis.</summary>
internal sealed class AxisOp<TFunction, T> : Op<T> where TFunction : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly AxisOp<TFunction, T> Instance = new();

    public override string Name => TFunction.Name;

    public static Tensor<T> Apply(in Tensor<T> x, int axis)
    {
        axis = x.Shape.AxisOrElement(axis, TFunction.Name);
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
        (int outer, int n, int inner) = ReducedAxes.Layout(x.Shape, 1 << axis);
        Softmax.Forward<TFunction, T>(x.Span, elements, outer, n, inner);
        return Tape<T>.Record(new Node<T> { Op = Instance, A = x, Integer = axis }, y);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
        (int outer, int n, int inner) = ReducedAxes.Layout(node.A.Shape, 1 << (int)node.Integer);
        Softmax.Backward<TFunction, T>(node.Output.Span, context.OutputGradient.Span, elements, outer, n, inner);
        context.Accumulate(node.A, dx);
    }

    protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
    {
        TensorLane<T> g = context.OutputGradient, y = node.Output;
        TensorLane<T> sum = TFunction.Of(g, y).Tensor.Sum((int)node.Integer, keepDimensions: true);
        context.Accumulate(node.A, TFunction.Derivative(y, g, sum).Tensor);
    }
}
