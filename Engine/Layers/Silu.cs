using System.Numerics;

namespace Engine;

/// <summary>y = x/(1 + e⁻ˣ) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Silu<T> : Activation<SiluFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
