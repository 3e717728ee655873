using Engine;
using Examples.Digits;

namespace Examples.Initialization;

/// <summary>What one initialization came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Profile">Signals and gradients from layer to layer before the training.</param>
/// <param name="History">The training.</param>
internal sealed record InitializationRun(string Name, DepthProfile Profile, TrainingHistory History)
{
    /// <summary>The test accuracy after the training; NaN if it has diverged.</summary>
    public double Accuracy => DigitsTrainer.FinalAccuracy(History);
}
