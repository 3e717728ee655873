namespace Engine;

/// <summary>What a model came to on some data.</summary>
/// <param name="Loss">The mean loss over all samples.</param>
/// <param name="Metrics">The metrics, in the order in which they were added to the trainer.</param>
public sealed record EvaluationResult(double Loss, IReadOnlyList<MetricValue> Metrics);
