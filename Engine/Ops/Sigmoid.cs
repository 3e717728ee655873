using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = 1/(1 + e⁻ˣ), dy/dx = y(1 − y).</summary>
public readonly record struct SigmoidFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Sigmoid";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        L e = L.Exp(-L.Abs(x)); // never overflows; for x < 0 the form e/(1 + e) keeps every digit
        return L.WhereGreater(0, x, e, 1) / (1 + e);
    }

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => y * (1 - y);
}

/// <summary>The operation <c>Sigmoid</c> on tensors.</summary>
public static class SigmoidOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1/(1 + e⁻ˣ), dy/dx = y(1 − y).</summary>
        public Tensor<T> Sigmoid() => x.Apply(new SigmoidFunction());
    }
}
