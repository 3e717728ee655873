using System.Numerics;
using Engine;

namespace Examples.OwnOp;

/// <summary>
/// y = x, but ∂loss/∂x = −g: an operation whose gradient is not its derivative, so that it needs a Backward of its own. What is behind it
/// ascends where the rest of the network descends (Ganin, Lempitsky: Unsupervised domain adaptation by backpropagation, 2015).
/// </summary>
internal sealed class GradientReversal<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly GradientReversal<T> Instance = new();

    public override string Name => "GradientReversal";

    /// <summary>A copy of x, recorded as this operation.</summary>
    public static Tensor<T> Apply(Tensor<T> x)
    {
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
        x.Span.CopyTo(elements);
        return Tape<T>.Record(new Node<T> { Op = Instance, A = x }, y);
    }

    protected override void Backward(in Node<T> node, in BackwardContext<T> context) =>
        context.Accumulate(node.A, -context.OutputGradient);
}
