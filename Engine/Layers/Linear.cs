using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>y = x·Wᵀ + b over the last axis: [.., inputs] becomes [.., outputs].</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Linear<T> : WeightedLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A layer whose weight and bias are initialized uniformly on ±1/√inputs, as in PyTorch, unless an initializer is given.
    /// </summary>
    /// <param name="inputs">The last extent of the input, at least 1.</param>
    /// <param name="outputs">The last extent of the output, at least 1.</param>
    /// <param name="key">
    /// The key of the initial values: two layers with the same key and shape start out equal, so fold a number or a name into it for each.
    /// </param>
    /// <param name="bias">Whether there is a bias b.</param>
    /// <param name="weightInitializer">The initial weight.</param>
    /// <param name="biasInitializer">The initial bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Linear(
        int inputs, int outputs, RandomKey key, bool bias = true, Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
        : base(WeightShape(inputs, outputs), key, bias, weightInitializer, biasInitializer)
    {
    }

    /// <summary>The layer and its extents.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Linear({Weight.Shape[1]} → {Weight.Shape[0]}{(Bias is null ? ", no bias" : "")})");

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias) =>
        bias.IsDefault ? x.Linear(weight) : x.Linear(weight, bias);

    private static Shape WeightShape(int inputs, int outputs) => inputs >= 1 && outputs >= 1
        ? [outputs, inputs]
        : throw new ArgumentOutOfRangeException(
            inputs < 1 ? nameof(inputs) : nameof(outputs),
            string.Create(
                CultureInfo.InvariantCulture, $"Linear: got {inputs} inputs and {outputs} outputs, expected at least 1 of each."));
}
