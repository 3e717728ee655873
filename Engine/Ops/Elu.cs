using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x where x &gt; 0, else α(eˣ − 1); dy/dx = 1 where x &gt; 0, else αeˣ.</summary>
/// <remarks>
/// The exponential linear unit of D.-A. Clevert, T. Unterthiner, S. Hochreiter: Fast and accurate deep network learning by exponential
/// linear units, 2016.
/// </remarks>
public readonly record struct EluFunction : IUnaryFunction
{
    /// <summary>The function with α = 1.</summary>
    public EluFunction() : this(1)
    {
    }

    /// <summary>The function with a given α.</summary>
    /// <param name="alpha">α: the function tends to −α far below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not finite.</exception>
    public EluFunction(double alpha) => Alpha = double.IsFinite(alpha)
        ? alpha
        : throw new ArgumentOutOfRangeException(
            nameof(alpha), string.Create(CultureInfo.InvariantCulture, $"Elu: got α = {alpha}, expected a finite number."));

    /// <summary>α: the function tends to −α far below zero.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public static string Name => "Elu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.WhereGreater(x, 0, x, Alpha * L.ExpM1(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, 1, Alpha * L.Exp(x));
}

/// <summary>The operation <c>Elu</c> on tensors.</summary>
public static class EluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x where x &gt; 0, else α(eˣ − 1); dy/dx = 1 where x &gt; 0, else αeˣ.</summary>
        /// <param name="alpha">α: the function tends to −α far below zero.</param>
        /// <exception cref="ArgumentOutOfRangeException">α is not finite.</exception>
        public Tensor<T> Elu(double alpha = 1) => x.Apply(new EluFunction(alpha));
    }
}
