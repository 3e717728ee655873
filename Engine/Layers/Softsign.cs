using System.Numerics;

namespace Engine;

/// <summary>y = x/(1 + |x|) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softsign<T> : Activation<SoftsignFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
