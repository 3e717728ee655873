using Engine;

namespace Examples.RangeTest;

/// <summary>What the test suggests, and what trainings with rates around the suggestion come to.</summary>
/// <param name="Test">The test.</param>
/// <param name="Trainings">The trainings, with rising rates; the second has the suggested one.</param>
internal sealed record RangeTestResult(LearningRateRangeResult Test, IReadOnlyList<(double Rate, TrainingHistory History)> Trainings);
