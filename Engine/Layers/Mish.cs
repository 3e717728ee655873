using System.Numerics;

namespace Engine;

/// <summary>y = x·tanh(ln(1 + eˣ)) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Mish<T> : Activation<MishFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
