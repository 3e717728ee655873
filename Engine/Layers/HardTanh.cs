using System.Numerics;

namespace Engine;

/// <summary>y = min(max(x, low), high) for each element.</summary>
/// <param name="low">The smallest value.</param>
/// <param name="high">The largest value.</param>
/// <exception cref="ArgumentException">The lower bound is not below the upper one.</exception>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HardTanh<T>(double low = -1, double high = 1) : Activation<HardTanhFunction, T>(new(low, high))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name, and the bounds unless they are −1 and 1.</summary>
    public override string ToString() => LayerText.Activation("HardTanh", (Function.Low, -1), (Function.High, 1));
}
