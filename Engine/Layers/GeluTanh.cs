using System.Numerics;

namespace Engine;

/// <summary>y = x(1 + tanh(√(2/π)(x + 0.044715x³)))/2 for each element: the approximation of <see cref="Gelu{T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GeluTanh<T> : Activation<GeluTanhFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
