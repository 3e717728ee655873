using System.Numerics;

namespace Engine;

/// <summary>y = min(max(x, low), high) for each element.</summary>
/// <param name="low">The smallest value.</param>
/// <param name="high">The largest value.</param>
/// <exception cref="ArgumentException">The bounds are not in ascending order.</exception>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HardTanh<T>(double low = -1, double high = 1) : Activation<HardTanhFunction, T>(new(low, high))
    where T : unmanaged, IFloatingPointIeee754<T>;
