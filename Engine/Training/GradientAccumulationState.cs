using System.Numerics;

namespace Engine;

/// <summary>What a <see cref="GradientAccumulation{T}"/> holds between two updates, as a copy.</summary>
/// <param name="Accumulated">The number of micro-batches that wait for the update.</param>
/// <param name="Samples">The number of their samples.</param>
/// <param name="Gradients">
/// The sums Σ nᵢ·gᵢ by the names of their parameters; a parameter that no micro-batch has reached has none.
/// </param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record GradientAccumulationState<T>(int Accumulated, long Samples, IReadOnlyDictionary<string, Tensor<T>> Gradients)
    where T : unmanaged, IFloatingPointIeee754<T>;
