using Engine;

namespace Examples.ShrinkingRate;

/// <summary>What one rule came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rates">The mean of the effective rate ‖Δθ‖/‖g‖ over the updates of each epoch.</param>
/// <param name="History">The training.</param>
internal sealed record ShrinkingRateRun(string Name, IReadOnlyList<double> Rates, TrainingHistory History);
