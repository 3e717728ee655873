using System.Numerics;

namespace Engine;

/// <summary>y = max(x, 0), dy/dx = 1 where x &gt; 0, else 0 (at 0 too, as PyTorch has it).</summary>
public readonly record struct ReluFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Relu";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Max(x, 0);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, 1, 0);
}

/// <summary>The operation <c>Relu</c> on tensors.</summary>
public static class ReluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = max(x, 0), dy/dx = 1 where x &gt; 0, else 0 (at 0 too, as PyTorch has it).</summary>
        public Tensor<T> Relu() => x.Apply(new ReluFunction());
    }
}
