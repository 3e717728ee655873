using Engine;

namespace Examples.Characters;

/// <summary>A character model after its training.</summary>
/// <param name="Text">What it was trained on.</param>
/// <param name="Parameters">The number of its weights and biases.</param>
/// <param name="History">The training, with the loss on the pieces held out after each epoch.</param>
/// <param name="Baselines">The bits that counts need, with contexts of 0, 1, 2 … characters.</param>
/// <param name="Sample">What the model wrote.</param>
internal sealed record CharacterResult(
    CharacterText Text, int Parameters, TrainingHistory History, IReadOnlyList<double> Baselines, string Sample)
{
    /// <summary>What a loss in natural logarithms is multiplied by for bits.</summary>
    public static double BitsPerNat { get; } = 1 / Math.Log(2);

    /// <summary>The bits that the model needs at the end for each character held out.</summary>
    public double Bits => BitsPerNat * (History.Epochs[^1].ValidationLoss ?? double.NaN);
}
