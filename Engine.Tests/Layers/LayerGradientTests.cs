namespace Engine.Tests;

/// <summary>Layers against central differences.</summary>
internal sealed class LayerGradientTests
{
    private static IEnumerable<string> Layers => LayerTable.All.Keys;

    /// <summary>A wrong term, sign or factor in a backward pass; in a norm, statistics taken for constants.</summary>
    [TestCaseSource(nameof(Layers))]
    public void Layer(string name)
    {
        (Func<Layer<double>> create, Shape shape) = LayerTable.All[name];
        Layer<double> layer = create();
        foreach (Parameter<double> parameter in layer.Parameters)
        {
            parameter.SetValue(LayerLawsTests<double>.Normal(parameter.Shape, 0.5, 1, seed: 77));
        }
        Parameter<double> x = new("x", LayerLawsTests<double>.Normal(shape, 0.3, 1));
        GradCheck.Assert(
            () =>
            {
                foreach (NamedCounter counter in layer.Counters)
                {
                    counter.Value = 0; // the same dropout mask each time
                }
                return layer.Forward(x.Value);
            },
            [x, .. layer.Parameters]);
    }

    /// <summary>An input that is its own scale: contributions written over each other.</summary>
    [Test]
    public void One_parameter_in_two_places()
    {
        Parameter<double> w = new("w", LayerLawsTests<double>.Normal([4], 0, 1)),
            b = new("b", LayerLawsTests<double>.Normal([4], 0, 1, seed: 2)), m = new("m", LayerLawsTests<double>.Normal([3, 3], 0, 1));
        GradCheck.Assert(() => w.Value.LayerNorm(w.Value, b.Value), [w, b]);
        GradCheck.Assert(() => w.Value.LayerNorm(b.Value, w.Value), [w, b]);
        GradCheck.Assert(() => m.Value.Linear(m.Value), [m]);
    }
}
