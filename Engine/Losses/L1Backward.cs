using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Σ|w|, with the derivative sign w, 0 at 0.</summary>
internal sealed class L1Backward<T> : PenaltyBackward<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static readonly L1Backward<T> Instance = new();

    public override string Name => "L1";

    public override T Value(ReadOnlySpan<T> w) => Reduction.Sum<AbsoluteTerm, T>(w, w);

    protected override void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor)
    {
        d.Fill(factor);
        Elementwise.MapBackward(new AbsFunction(), w, w, d, d);
    }

    protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) =>
        node.B + node.Scalar * (node.A.Abs()).Sum();
}
