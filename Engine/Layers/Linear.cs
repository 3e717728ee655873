using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>y = x·Wᵀ + b over the last axis: [.., inputs] becomes [.., outputs].</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Linear<T> : Module<T>, IWeightedLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A layer whose weight and bias are initialized uniformly on ±1/√inputs, as in PyTorch, unless an initializer is given.
    /// </summary>
    /// <param name="inputs">The last extent of the input, at least 1.</param>
    /// <param name="outputs">The last extent of the output, at least 1.</param>
    /// <param name="key">
    /// The key of the initial values: two layers with the same key and shape start equal, so fold a number or a name into it for each.
    /// </param>
    /// <param name="bias">Whether there is a b.</param>
    /// <param name="weightInitializer">The initial weight.</param>
    /// <param name="biasInitializer">The initial bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Linear(
        int inputs, int outputs, RandomKey key, bool bias = true, Initializer? weightInitializer = null,
        Initializer? biasInitializer = null)
    {
        if (inputs < 1 || outputs < 1)
        {
            throw new ArgumentOutOfRangeException(
                inputs < 1 ? nameof(inputs) : nameof(outputs),
                string.Create(
                    CultureInfo.InvariantCulture, $"Linear: got {inputs} inputs and {outputs} outputs, expected at least 1 of each."));
        }
        double bound = 1 / Math.Sqrt(inputs);
        Initializer usual = Initializers.Uniform(-bound, bound);
        Weight = AddParameter("weight", (weightInitializer ?? usual).Create<T>([outputs, inputs], key.Fold("weight")));
        if (bias)
        {
            Bias = AddParameter("bias", (biasInitializer ?? usual).Create<T>([outputs], key.Fold("bias")));
        }
    }

    /// <summary>W of [outputs, inputs].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b of [outputs], if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer and its extents.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Linear({Weight.Shape[1]} → {Weight.Shape[0]}{(Bias is null ? ", no bias" : "")})");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The last extent of x is not that of the weight.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => Bias is null ? x.Linear(Weight.Value) : x.Linear(Weight.Value, Bias.Value);

    /// <inheritdoc/>
    public Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias) => bias.IsDefault ? x.Linear(weight) : x.Linear(weight, bias);
}
