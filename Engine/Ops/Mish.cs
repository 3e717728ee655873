using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x·t with t = tanh(ln(1 + eˣ)) = q/(q + 2), q = w(w + 2), w = eˣ; dy/dx = t + 4xw(1 + w)/(q + 2)².</summary>
/// <remarks>
/// D. Misra: Mish, a self regularized non-monotonic activation function, 2019.
/// </remarks>
public readonly record struct MishFunction : IUnaryFunction
{
    private const double Saturated = 40; // from here on t is 1 in double precision, and q does not overflow in single precision
    private const double Vanished = -750; // up to here w is 0 in double precision

    /// <inheritdoc/>
    public static string Name => "Mish";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        L w = L.Exp(L.Min(x, Saturated)), q = w * (w + 2);
        return x * (q / (q + 2));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        // beyond the bounds the second term is far below the last place of t, or w is 0, but x alone could overflow it
        L bounded = L.Max(L.Min(x, Saturated), Vanished), w = L.Exp(bounded), q = w * (w + 2), d = 1 / (q + 2);
        return q * d + 4 * bounded * (w * d * ((1 + w) * d));
    }
}

/// <summary>The operation <c>Mish</c> on tensors.</summary>
public static class MishOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x·t with t = tanh(ln(1 + eˣ)) = q/(q + 2), q = w(w + 2), w = eˣ; dy/dx = t + 4xw(1 + w)/(q + 2)².</summary>
        public Tensor<T> Mish() => x.Apply(new MishFunction());
    }
}
