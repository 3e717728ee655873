using Engine;

namespace Examples.BatchSize;

/// <summary>What one batch size came to.</summary>
/// <param name="Size">Images in a batch.</param>
/// <param name="Updates">Updates in an epoch.</param>
/// <param name="Noise">√E‖g − ∇L‖²/‖∇L‖ of a batch's gradient g at the initial weights, where ∇L is the gradient of all images.</param>
/// <param name="Accuracy">The test accuracy after each epoch, over the seeds.</param>
internal sealed record BatchSizeResult(int Size, int Updates, double Noise, CandidateResult Accuracy)
{
    /// <summary>The mean of the seconds that a training took.</summary>
    public double Seconds => Accuracy.Trials.Average(trial => trial.Seconds[^1]);
}
