using Engine;
using Examples.Digits;

namespace Examples.Normalization;

/// <summary>What one normalization came to with one batch size.</summary>
/// <param name="Name">Its name.</param>
/// <param name="BatchSize">Images in a batch.</param>
/// <param name="History">The training.</param>
internal sealed record NormalizationRun(string Name, int BatchSize, TrainingHistory History)
{
    /// <summary>The test accuracy after the training; NaN if it has diverged.</summary>
    public double Accuracy => DigitsTrainer.FinalAccuracy(History);
}
