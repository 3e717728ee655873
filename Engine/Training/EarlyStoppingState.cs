using System.Numerics;

namespace Engine;

/// <summary>What early stopping remembers, for a checkpoint.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Observed">The numbers observed.</param>
/// <param name="Best">The best of them; NaN before the first.</param>
/// <param name="BestAt">Which of them it was, from 1; 0 before the first.</param>
/// <param name="BestValues">The model's parameters and buffers at that time, by name; empty before the first.</param>
/// <param name="BestCounters">The model's counters at that time, by name; empty before the first.</param>
public sealed record EarlyStoppingState<T>(
    long Observed,
    double Best,
    long BestAt,
    IReadOnlyDictionary<string, Tensor<T>> BestValues,
    IReadOnlyDictionary<string, long> BestCounters)
    where T : unmanaged, IFloatingPointIeee754<T>;
