using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = eˣ − 1, accurate near zero too, dy/dx = y + 1.</summary>
public readonly record struct ExpM1Function : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "ExpM1";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.ExpM1(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => y + 1;
}

/// <summary>The operation <c>ExpM1</c> on tensors.</summary>
public static class ExpM1Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = eˣ − 1, accurate near zero too, dy/dx = y + 1.</summary>
        public Tensor<T> ExpM1() => x.Apply(new ExpM1Function());
    }
}
