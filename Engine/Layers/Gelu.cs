using System.Numerics;

namespace Engine;

/// <summary>y = x·Φ(x) for each element, where Φ is the standard normal distribution function.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Gelu<T> : Activation<GeluFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
