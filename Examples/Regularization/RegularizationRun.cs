using Engine;

namespace Examples.Regularization;

/// <summary>What one regularization came to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TrainingLosses">The loss over the training images after each epoch, without penalty or dropout.</param>
/// <param name="ValidationLosses">The loss over the validation images after each epoch.</param>
/// <param name="Final">Loss and accuracy over the validation images with the weights that are kept.</param>
/// <param name="Weights">These weights, without biases.</param>
internal sealed record RegularizationRun(
    string Name, IReadOnlyList<double> TrainingLosses, IReadOnlyList<double> ValidationLosses, EvaluationResult Final,
    IReadOnlyList<double> Weights)
{
    private const double Small = 0.01;

    /// <summary>The norm of all weights.</summary>
    public double Norm => Math.Sqrt(Weights.Sum(w => w * w));

    /// <summary>The share of weights that are nearly 0.</summary>
    public double SmallShare => (double)Weights.Count(w => Math.Abs(w) < Small) / Weights.Count;

    /// <summary>The validation accuracy with the weights that are kept.</summary>
    public double Accuracy => Final.Metrics[0].Value;
}
