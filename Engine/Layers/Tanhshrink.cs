using System.Numerics;

namespace Engine;

/// <summary>y = x − tanh x for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tanhshrink<T> : Activation<TanhshrinkFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
