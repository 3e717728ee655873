using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// In training each element is 0 with probability p, else divided by 1 − p, which preserves the expectation; in evaluation y = x. The mask
/// of a step is a function of the key, the step and the element's number, so that a run can be repeated and resumed; each forward pass in
/// training is a step.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dropout<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly RandomKey _key;
    private readonly NamedCounter _step;

    /// <summary>A layer at step 0.</summary>
    /// <param name="probability">p in [0, 1).</param>
    /// <param name="key">The key that determines the masks: fold a number or a name into it for each layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1).</exception>
    public Dropout(double probability, RandomKey key)
    {
        DropoutOp.CheckProbability(probability);
        Probability = probability;
        _key = key;
        _step = AddCounter("step");
    }

    /// <summary>p.</summary>
    public double Probability { get; }

    /// <summary>The layer and p.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Dropout({Probability})");

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        if (!Training)
        {
            return x;
        }
        Tensor<T> y = x.Dropout(Probability, _key.Fold(_step.Value));
        _step.Value++;
        return y;
    }
}
