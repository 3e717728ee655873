using System.Numerics;

namespace Engine;

/// <summary>A step and the change of the gradient along it.</summary>
/// <param name="S">The step s.</param>
/// <param name="Y">The change y of the gradient.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly record struct LbfgsPair<T>(Tensor<T> S, Tensor<T> Y) where T : unmanaged, IFloatingPointIeee754<T>;
