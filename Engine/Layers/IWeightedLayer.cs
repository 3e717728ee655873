using System.Numerics;

namespace Engine;

/// <summary>
/// A layer that computes its output from a weight and perhaps a bias, and can do so with others than its own: what a normalization of the
/// weight needs.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IWeightedLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>W of [outputs, ..].</summary>
    Parameter<T> Weight { get; }

    /// <summary>b of [outputs], if there is one.</summary>
    Parameter<T>? Bias { get; }

    /// <summary>Computes the output for an input with a given weight and bias.</summary>
    /// <param name="x">The layer's input.</param>
    /// <param name="weight">Of the shape of <see cref="Weight"/>.</param>
    /// <param name="bias">Of the shape of <see cref="Bias"/>, or a default tensor for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias);
}
