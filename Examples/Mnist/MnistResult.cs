using Engine;

namespace Examples.Mnist;

/// <summary>The training of one network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Parameters">The number of its weights and biases.</param>
/// <param name="History">The training, with the accuracy on the test images after each epoch.</param>
/// <param name="Confusion">The classes of the test images at the end.</param>
internal sealed record MnistResult(MnistNetwork Network, int Parameters, TrainingHistory History, ConfusionMatrix Confusion)
{
    /// <summary>The fraction of the test images classified correctly at the end.</summary>
    public double Accuracy => Confusion.Accuracy;
}
