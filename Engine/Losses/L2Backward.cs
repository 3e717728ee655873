using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>½·Σ w², with the derivative w.</summary>
internal sealed class L2Backward<T> : PenaltyBackward<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static readonly L2Backward<T> Instance = new();

    public override string Name => "L2";

    public override T Value(ReadOnlySpan<T> w) => Reduction.Dot(w, w) / T.CreateTruncating(2);

    protected override void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor) =>
        Broadcasting.Zip<MultiplyKernel<T>, T>(w, [w.Length], new ReadOnlySpan<T>(in factor), [], d, [w.Length]);

    protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) =>
        node.B + node.Scalar * (0.5 * node.A.Square()).Sum();
}
