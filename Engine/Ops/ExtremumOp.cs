using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>The largest or smallest element along axes, whose gradient is divided evenly among the elements that are equal to it.</summary>
internal sealed class ExtremumOp<TFold, T> : Op<T> where TFold : struct, IFold where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ExtremumOp<TFold, T> Instance = new();

    /// <summary>1 where x is the extremum, else 0.</summary>
    private readonly struct IsAttained : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => Attained.Select<L>(a, b, 1);
    }

    /// <summary>The share where x is the extremum, else 0.</summary>
    private readonly struct ShareGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> => Attained.Select(x, a, b);
    }

    public override string Name => TFold.Name;

    public static Tensor<T> Apply(in Tensor<T> x, int axisSet, bool keep)
    {
        Shape shape = x.Shape.Without(axisSet, keep);
        if (ReducedAxes.AreEmpty(x.Shape, axisSet))
        {
            throw new InvalidOperationException(
                $"{TFold.Name}: got the shape {x.Shape} without elements along the reduced axes, expected at least one.");
        }
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet);
        AxisLayout layout = ReducedAxes.Layout(values.Shape, axisSet);
        Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
        AxisFold.Run<TFold, TermOf<IdentityTerm>, T>(default, values.Span, [], elements, layout);
        return Tape<T>.Record(new Node<T> { Op = Instance, A = values, Integer = axisSet }, y);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        AxisLayout layout = ReducedAxes.Layout(node.A.Shape, (int)node.Integer);
        Tensor<T> share = CountAttained(node, layout);
        Pairwise.Zip(new DivideKernel<T>(), context.OutputGradient, share, share);
        Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
        AxisGradient.Run(new ShareGradient(), node.A.Span, node.Output.Span, share.Span, elements, layout);
        context.Accumulate(node.A, dx);
    }

    protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> count = CountAttained(node, ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
        ReducedAxes.Contribute(new ShareGradient(), node, context, node.Output, context.OutputGradient / count);
    }

    /// <summary>How many elements are the extremum.</summary>
    private static Tensor<T> CountAttained(in Node<T> node, in AxisLayout layout)
    {
        Tensor<T> count = Tape<T>.Allocate(node.Output.Shape, out Span<T> counts);
        AxisFold.Run<SumFold, IsAttained, T>(default, node.A.Span, node.Output.Span, counts, layout);
        return count;
    }
}
