using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = λx where x &gt; 0, else λα(eˣ − 1); dy/dx = λ where x &gt; 0, else λαeˣ; λ = 1.0507…, α = 1.6732….</summary>
/// <remarks>
/// With these constants, mean 0 and variance 1 are a fixed point of a layer (G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter:
/// Self-normalizing neural networks, 2017).
/// </remarks>
public readonly record struct SeluFunction : IUnaryFunction
{
    private const double Scale = 1.0507009873554805, ScaleAlpha = Scale * 1.6732632423543772;

    /// <inheritdoc/>
    public static string Name => "Selu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.WhereGreater(x, 0, Scale * x, ScaleAlpha * L.ExpM1(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, Scale, ScaleAlpha * L.Exp(x));
}

/// <summary>The operation <c>Selu</c> on tensors.</summary>
public static class SeluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = λx where x &gt; 0, else λα(eˣ − 1); dy/dx = λ where x &gt; 0, else λαeˣ; λ = 1.0507…, α = 1.6732….</summary>
        public Tensor<T> Selu() => x.Apply(new SeluFunction());
    }
}
