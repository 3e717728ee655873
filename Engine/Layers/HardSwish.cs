using System.Numerics;

namespace Engine;

/// <summary>y = x·min(max(x + 3, 0), 6)/6 for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HardSwish<T> : Activation<HardSwishFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
