using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = min(max(x, low), high); dy/dx = 1 where low &lt; x &lt; high, else 0 (at both bounds too, as PyTorch has it).</summary>
public readonly record struct HardTanhFunction : IUnaryFunction
{
    /// <summary>The function with the bounds −1 and 1.</summary>
    public HardTanhFunction() : this(-1, 1)
    {
    }

    /// <summary>The function with given bounds.</summary>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <exception cref="ArgumentException">The bounds are not in ascending order.</exception>
    public HardTanhFunction(double low, double high)
    {
        if (!(low < high))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HardTanh: got the bounds {low} and {high}, expected a lower bound below the upper one."),
                nameof(low));
        }
        (Low, High) = (low, high);
    }

    /// <summary>The smallest value.</summary>
    public double Low { get; }

    /// <summary>The largest value.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public static string Name => "HardTanh";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Min(L.Max(x, Low), High);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, Low, L.WhereGreater(High, x, 1, 0), 0);
}

/// <summary>The operation <c>HardTanh</c> on tensors.</summary>
public static class HardTanhOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// y = min(max(x, low), high); dy/dx = 1 where low &lt; x &lt; high, else 0 (at both bounds too, as PyTorch has it).
        /// </summary>
        /// <param name="low">The smallest value.</param>
        /// <param name="high">The largest value.</param>
        /// <exception cref="ArgumentException">The bounds are not in ascending order.</exception>
        public Tensor<T> HardTanh(double low = -1, double high = 1) => x.Apply(new HardTanhFunction(low, high));
    }
}
