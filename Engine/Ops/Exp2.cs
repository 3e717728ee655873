using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = 2ˣ, dy/dx = y ln 2.</summary>
public readonly record struct Exp2Function : IUnaryFunction
{
    private const double Ln2 = 0.6931471805599453, Ln2High = 0.693115234375, Ln2Low = 3.1946184945309415e-5;

    /// <inheritdoc/>
    public static string Name => "Exp2";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        // x·ln 2 as a sum: a product of two halves that have few enough bits to be exact (T. J. Dekker, 1971), and the rest
        L bounded = L.Min(L.Max(x, -1100), 1100), c = 4097 * bounded, high = c - (c - bounded);
        L exact = high * Ln2High, rest = high * Ln2Low + (bounded - high) * Ln2;
        L sum = exact + rest, lost = rest - (sum - exact);
        return L.Exp(sum) * (1 + lost);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => Ln2 * y;
}

/// <summary>The operation <c>Exp2</c> on tensors.</summary>
public static class Exp2Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 2ˣ, dy/dx = y ln 2.</summary>
        public Tensor<T> Exp2() => x.Apply(new Exp2Function());
    }
}
