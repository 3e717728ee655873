using System.Numerics;

namespace Engine;

/// <summary>
/// A layer that computes its output from a weight and an optional bias, and can do so with others than its own, as a normalization of the
/// weight needs.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class WeightedLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A layer whose weight and bias are initialized uniformly on ±1/√fanIn of the weight, as in PyTorch, unless an initializer is given.
    /// </summary>
    /// <param name="weight">The shape of W, [outputs, ..].</param>
    /// <param name="key">The key of the initial values.</param>
    /// <param name="bias">Whether there is a bias b.</param>
    /// <param name="weightInitializer">The initial weight.</param>
    /// <param name="biasInitializer">The initial bias.</param>
    protected WeightedLayer(
        Shape weight, RandomKey key, bool bias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null)
    {
        double bound = 1 / Math.Sqrt(Initializers.FanIn(weight));
        Initializer usual = Initializers.Uniform(-bound, bound);
        Weight = AddParameter("weight", (weightInitializer ?? usual).Create<T>(weight, key.Fold("weight")));
        if (bias)
        {
            Bias = AddParameter("bias", (biasInitializer ?? usual).Create<T>([weight[0]], key.Fold("bias")));
        }
    }

    /// <summary>W of [outputs, ..].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b of [outputs], if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not fit the weight.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => Forward(x, Weight.Value, Bias is null ? default : Bias.Value);

    /// <summary>Computes the output for an input with a given weight and bias.</summary>
    /// <param name="x">The layer's input.</param>
    /// <param name="weight">Of the shape of <see cref="Weight"/>.</param>
    /// <param name="bias">Of the shape of <see cref="Bias"/>, or a default tensor for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public abstract Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias);
}
