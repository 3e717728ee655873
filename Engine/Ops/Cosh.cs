using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = cosh x = (eˣ + e⁻ˣ)/2, dy/dx = sinh x.</summary>
public readonly record struct CoshFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Cosh";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        L u = L.Exp(0.5 * x), v = L.Exp(-0.5 * x); // their squares overflow only where the result does
        return 0.5 * u * u + 0.5 * v * v;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => new SinhFunction().Value(x);
}

/// <summary>The operation <c>Cosh</c> on tensors.</summary>
public static class CoshOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = cosh x = (eˣ + e⁻ˣ)/2, dy/dx = sinh x.</summary>
        public Tensor<T> Cosh() => x.Apply(new CoshFunction());
    }
}
