using System.Numerics;

namespace Engine;

/// <summary>y = min(max(x, 0), 6) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Relu6<T> : Activation<Relu6Function, T> where T : unmanaged, IFloatingPointIeee754<T>;
