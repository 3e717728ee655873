using Engine;

namespace Examples.Digits;

/// <summary>How large signals and gradients are from layer to layer of a network.</summary>
/// <param name="Signals">The root mean square of each linear layer's outputs.</param>
/// <param name="Gradients">The root mean square of the loss's gradient with respect to these outputs.</param>
internal sealed record DepthProfile(IReadOnlyList<double> Signals, IReadOnlyList<double> Gradients)
{
    /// <summary>The gradient at the first layer, relative to that at the last.</summary>
    public double FirstToLast => Gradients[0] / Gradients[^1];

    /// <summary>Measures a network on some images.</summary>
    public static DepthProfile Of(Sequential<float> model, Dataset<float> images)
    {
        Tape<float> tape = new();
        using (tape.Record())
        {
            List<Tensor<float>> outputs = [];
            Tensor<float> x = images.Inputs;
            foreach (Layer<float> module in model)
            {
                x = module.Forward(x);
                if (module is Linear<float>)
                {
                    outputs.Add(x);
                }
            }
            Tensor<float>[] gradients = tape.Gradients(x.CrossEntropy(images.Labels), [.. outputs]);
            return new([.. outputs.Select(RootMeanSquare)], [.. gradients.Select(RootMeanSquare)]);
        }
    }

    private static double RootMeanSquare(Tensor<float> tensor) => Vectors.RootMeanSquare(tensor.Span);
}
