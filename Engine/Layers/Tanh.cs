using System.Numerics;

namespace Engine;

/// <summary>y = tanh x for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tanh<T> : Activation<TanhFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
