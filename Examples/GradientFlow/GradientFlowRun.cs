using Engine;
using Examples.Digits;

namespace Examples.GradientFlow;

/// <summary>What one network came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gradients">The root mean square of the loss's gradient at each layer, or at each step, before the training.</param>
/// <param name="Norm">The norm of the gradient of all parameters before the training.</param>
/// <param name="History">The training.</param>
internal sealed record GradientFlowRun(string Name, IReadOnlyList<double> Gradients, double Norm, TrainingHistory History)
{
    /// <summary>The gradient where it has come farthest, relative to that beside the loss.</summary>
    public double FirstToLast => Gradients[0] / Gradients[^1];

    /// <summary>The mean training loss of the last epoch; NaN if the training has diverged.</summary>
    public double Loss => History.StopReason == StopReason.Diverged ? double.NaN : History.Epochs[^1].TrainingLoss;

    /// <summary>The test accuracy after the training; NaN if it has diverged.</summary>
    public double Accuracy => DigitsTrainer.FinalAccuracy(History);
}
