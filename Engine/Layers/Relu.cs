using System.Numerics;

namespace Engine;

/// <summary>y = max(x, 0) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Relu<T> : Activation<ReluFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
