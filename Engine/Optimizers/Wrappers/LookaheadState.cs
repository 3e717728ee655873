using System.Numerics;

namespace Engine;

/// <summary>The state of <see cref="Lookahead{T}"/>, as a copy.</summary>
/// <param name="Inner">The state of the wrapped optimizer.</param>
/// <param name="StepsSinceSync">The steps since the slow weights were updated.</param>
/// <param name="SlowWeights">The slow weights by parameter name.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record LookaheadState<T>(OptimizerState<T> Inner, int StepsSinceSync, IReadOnlyDictionary<string, Tensor<T>> SlowWeights)
    where T : unmanaged, IFloatingPointIeee754<T>;
