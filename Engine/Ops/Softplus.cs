using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = ln(1 + e^(βx))/β, dy/dx = 1/(1 + e^(−βx)) = 1 − e^(−βy).</summary>
public readonly record struct SoftplusFunction : IUnaryFunction
{
    /// <summary>The function with β = 1.</summary>
    public SoftplusFunction() : this(1)
    {
    }

    /// <summary>The function with a given β.</summary>
    /// <param name="beta">β &gt; 0: the larger, the closer the function is to max(x, 0).</param>
    /// <exception cref="ArgumentOutOfRangeException">β is not positive.</exception>
    public SoftplusFunction(double beta) => Beta = beta > 0
        ? beta
        : throw new ArgumentOutOfRangeException(
            nameof(beta), string.Create(CultureInfo.InvariantCulture, $"Softplus: got β = {beta}, expected a positive number."));

    /// <summary>β: the larger, the closer the function is to max(x, 0).</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public static string Name => "Softplus";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        L z = Beta * x;
        return (L.Max(z, 0) + L.LogP1(L.Exp(-L.Abs(z)))) / Beta; // never overflows
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -L.ExpM1(-Beta * y);
}

/// <summary>The operation <c>Softplus</c> on tensors.</summary>
public static class SoftplusOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = ln(1 + e^(βx))/β, dy/dx = 1/(1 + e^(−βx)) = 1 − e^(−βy).</summary>
        /// <param name="beta">β &gt; 0: the larger, the closer the function is to max(x, 0).</param>
        /// <exception cref="ArgumentOutOfRangeException">β is not positive.</exception>
        public Tensor<T> Softplus(double beta = 1) => x.Apply(new SoftplusFunction(beta));
    }
}
