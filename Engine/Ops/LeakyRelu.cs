using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x where x &gt; 0, else slope·x; dy/dx = 1 where x &gt; 0, else slope.</summary>
public readonly record struct LeakyReluFunction : IUnaryFunction
{
    /// <summary>The function with a slope of 0.01.</summary>
    public LeakyReluFunction() : this(0.01)
    {
    }

    /// <summary>The function with a given slope.</summary>
    /// <param name="slope">The slope below zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
    public LeakyReluFunction(double slope) => Slope = double.IsFinite(slope)
        ? slope
        : throw new ArgumentOutOfRangeException(
            nameof(slope), string.Create(CultureInfo.InvariantCulture, $"LeakyRelu: got the slope {slope}, expected a finite number."));

    /// <summary>The slope below zero.</summary>
    public double Slope { get; }

    /// <inheritdoc/>
    public static string Name => "LeakyRelu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.WhereGreater(x, 0, x, Slope * x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, 0, 1, Slope);
}

/// <summary>The operation <c>LeakyRelu</c> on tensors.</summary>
public static class LeakyReluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x where x &gt; 0, else slope·x; dy/dx = 1 where x &gt; 0, else slope.</summary>
        /// <param name="slope">The slope below zero.</param>
        /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
        public Tensor<T> LeakyRelu(double slope = 0.01) => x.Apply(new LeakyReluFunction(slope));
    }
}
