using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x where x &gt; 0, else α(e^(x/α) − 1); dy/dx = 1 where x &gt; 0, else e^(x/α).</summary>
/// <remarks>
/// J. T. Barron: Continuously differentiable exponential linear units, 2017.
/// </remarks>
public readonly record struct CeluFunction : IUnaryFunction
{
    /// <summary>The function with α = 1.</summary>
    public CeluFunction() : this(1)
    {
    }

    /// <summary>The function with a given α.</summary>
    /// <param name="alpha">α &gt; 0: the function tends to −α far below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not positive.</exception>
    public CeluFunction(double alpha) => Alpha = alpha > 0
        ? alpha
        : throw new ArgumentOutOfRangeException(
            nameof(alpha), string.Create(CultureInfo.InvariantCulture, $"Celu: got α = {alpha}, expected a positive number."));

    /// <summary>α: the function tends to −α far below zero.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public static string Name => "Celu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.WhereGreater(x, 0, x, Alpha * L.ExpM1(x / Alpha));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, 1, L.Exp(x / Alpha));
}

/// <summary>The operation <c>Celu</c> on tensors.</summary>
public static class CeluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x where x &gt; 0, else α(e^(x/α) − 1); dy/dx = 1 where x &gt; 0, else e^(x/α).</summary>
        /// <param name="alpha">α &gt; 0: the function tends to −α far below zero.</param>
        /// <exception cref="ArgumentOutOfRangeException">α is not positive.</exception>
        public Tensor<T> Celu(double alpha = 1) => x.Apply(new CeluFunction(alpha));
    }
}
