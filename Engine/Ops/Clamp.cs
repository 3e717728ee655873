using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = min(max(x, low), high); dy/dx = 1 where low &lt; x &lt; high, else 0 (at both bounds too, as in PyTorch).</summary>
public readonly record struct ClampFunction : IUnaryFunction
{
    /// <summary>The function with given bounds.</summary>
    /// <param name="low">The smallest value; −∞ for none.</param>
    /// <param name="high">The largest value; ∞ for none.</param>
    /// <exception cref="ArgumentException">The lower bound is above the upper one, or one of them is NaN.</exception>
    public ClampFunction(double low, double high)
    {
        if (!(low <= high))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Clamp: got the bounds {low} and {high}, expected a lower bound that is not above the upper one."),
                nameof(low));
        }
        (Low, High) = (low, high);
    }

    /// <summary>The smallest value.</summary>
    public double Low { get; }

    /// <summary>The largest value.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public static string Name => "Clamp";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Min(L.Max(x, Low), High);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, Low, L.WhereGreater(High, x, 1, 0), 0);
}

/// <summary>The operation <c>Clamp</c> on tensors.</summary>
public static class ClampOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// y = min(max(x, low), high); dy/dx = 1 where low &lt; x &lt; high, else 0 (at both bounds too, as in PyTorch with numbers for
        /// bounds).
        /// </summary>
        /// <param name="low">The smallest value; −∞ for none.</param>
        /// <param name="high">The largest value; ∞ for none.</param>
        /// <exception cref="ArgumentException">The lower bound is above the upper one, or one of them is NaN.</exception>
        public Tensor<T> Clamp(double low, double high) => x.Apply(new ClampFunction(low, high));
    }
}
