using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = min(max(x, 0), 6); dy/dx = 1 where 0 &lt; x &lt; 6, else 0 (at 0 and 6 too, as PyTorch has it).</summary>
public readonly record struct Relu6Function : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Relu6";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Min(L.Max(x, 0), 6);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, L.WhereGreater(6, x, 1, 0), 0);
}

/// <summary>The operation <c>Relu6</c> on tensors.</summary>
public static class Relu6Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = min(max(x, 0), 6); dy/dx = 1 where 0 &lt; x &lt; 6, else 0 (at 0 and 6 too, as PyTorch has it).</summary>
        public Tensor<T> Relu6() => x.Apply(new Relu6Function());
    }
}
