using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// G ← G − mean(G) for the gradient of each output, that is, each index of the first axis of [outputs, inputs, …]; parameters with fewer
/// than two axes stay as they are (Yong, Huang, Hua &amp; Zhang, Gradient Centralization, 2020; optax's centralize).
/// </summary>
public readonly record struct GradientCentralization : IGradientTransform
{
    /// <inheritdoc/>
    public void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> gradient = parameter.Gradient;
        if (parameter.Shape.Rank < 2 || gradient.IsEmpty)
        {
            return;
        }
        int inputs = gradient.Length / parameter.Shape[0];
        for (; !gradient.IsEmpty; gradient = gradient[inputs..])
        {
            Span<T> output = gradient[..inputs];
            TensorPrimitives.Subtract(output, T.CreateTruncating(Vectors.Mean<T>(output)), output);
        }
    }

    /// <summary>The transform's name.</summary>
    public override string ToString() => nameof(GradientCentralization);
}
