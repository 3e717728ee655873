using System.Numerics;

namespace Engine;

/// <summary>The state of <see cref="Lookahead{T}"/>, as a copy.</summary>
/// <param name="Inner">The state of the wrapped optimizer.</param>
/// <param name="SyncPeriod">The number k of steps between two updates of the slow weights.</param>
/// <param name="SlowStepSize">The part α of the way that the slow weights move.</param>
/// <param name="StepsSinceSync">The steps since the slow weights were updated.</param>
/// <param name="SlowWeights">The slow weights by parameter name.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record LookaheadState<T>(
    OptimizerState<T> Inner,
    int SyncPeriod,
    double SlowStepSize,
    int StepsSinceSync,
    IReadOnlyDictionary<string, Tensor<T>> SlowWeights)
    where T : unmanaged, IFloatingPointIeee754<T>;
