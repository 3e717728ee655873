using System.Numerics;

namespace Engine;

/// <summary>A copy of a <see cref="WeightAverage{T}"/>.</summary>
/// <param name="Updates">The number of updates made.</param>
/// <param name="DecayProduct">Πβ over these updates, by which the exponential average is debiased; 1 for the equal one.</param>
/// <param name="Values">The averages by the names of parameters and buffers; zeros before the first update.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record WeightAverageState<T>(long Updates, double DecayProduct, IReadOnlyDictionary<string, Tensor<T>> Values)
    where T : unmanaged, IFloatingPointIeee754<T>;
