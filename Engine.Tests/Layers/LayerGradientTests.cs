namespace Engine.Tests;

/// <summary>Layers and losses against central differences.</summary>
internal sealed class LayerGradientTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(8);

    private static readonly Dictionary<string, (Func<Module<double>> Create, Shape Input)> s_layers = new()
    {
        ["Linear"] = (static () => new Linear<double>(5, 3, s_key), [4, 5]),
        ["Linear without bias, three axes"] = (static () => new Linear<double>(5, 3, s_key, bias: false), [2, 3, 5]),
        ["Linear of a vector"] = (static () => new Linear<double>(5, 3, s_key), [5]),
        ["LayerNorm"] = (static () => new LayerNorm<double>([7]), [5, 7]),
        ["LayerNorm of two axes"] = (static () => new LayerNorm<double>([3, 4]), [2, 3, 4]),
        ["LayerNorm of all axes"] = (static () => new LayerNorm<double>([3, 4]), [3, 4]),
        ["LayerNorm without scale"] = (static () => new LayerNorm<double>([70], affine: false), [3, 70]),
        ["BatchNorm"] = (static () => new BatchNorm<double>(3), [6, 3]),
        ["BatchNorm of planes"] = (static () => new BatchNorm<double>(3), [2, 3, 4, 2]),
        ["BatchNorm without scale"] = (static () => new BatchNorm<double>(3, affine: false), [5, 3]),
        ["BatchNorm of planes without scale"] = (static () => new BatchNorm<double>(2, affine: false), [2, 2, 3]),
        ["BatchNorm in evaluation"] = (static () => new BatchNorm<double>(3) { Training = false }, [5, 3]),
        ["BatchNorm of planes in evaluation"] = (static () => new BatchNorm<double>(2) { Training = false }, [2, 2, 3]),
        ["Dropout"] = (static () => new Dropout<double>(0.4, s_key), [6, 5]),
        ["A network"] = (static () => new Sequential<double>(new Linear<double>(4, 6, s_key.Fold(0)), new BatchNorm<double>(6), new Tanh<double>(), new LayerNorm<double>([6]), new Sigmoid<double>(), new Linear<double>(6, 2, s_key.Fold(1))), [5, 4]),
    };

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> s_losses = new()
    {
        ["CrossEntropy"] = static x => x.CrossEntropy([0, 3, 1, 1, 2]),
        ["CrossEntropy, sum, part of a sum"] = static x => 3 * x.CrossEntropy([0, 3, 1, 1, 2], LossReduction.Sum) + x.Sum(),
        ["CrossEntropy of each"] = static x => x.CrossEntropy([0, 3, 1, 1, 2], LossReduction.None),
        ["CrossEntropy with everything"] = static x => x.CrossEntropy([0, 3, 1, 1, 2], LossReduction.Mean, Tensor<double>.From(0.5, 2, 1, 0.7), ignoreClass: 3, labelSmoothing: 0.2),
        ["CrossEntropy of each with everything"] = static x => x.CrossEntropy([0, 3, 1, -1, 2], LossReduction.None, Tensor<double>.From(0.5, 2, 1, 0.7), ignoreClass: -1, labelSmoothing: 0.2),
        ["MeanSquaredError"] = static x => x.MeanSquaredError(Tensor<double>.Full([5, 4], 0.3)),
        ["MeanSquaredError, sum"] = static x => x.MeanSquaredError(Tensor<double>.Full([5, 4], 0.3), LossReduction.Sum),
        ["MeanSquaredError of each"] = static x => x.MeanSquaredError(Tensor<double>.Full([5, 4], 0.3), LossReduction.None),
        ["MeanSquaredError of two functions of x"] = static x => (x * 2).MeanSquaredError(x.Square()),
    };

    private static IEnumerable<string> Layers => s_layers.Keys;

    private static IEnumerable<string> Losses => s_losses.Keys;

    /// <summary>A wrong term, sign or factor in a backward pass; in a norm, statistics taken for constants.</summary>
    [TestCaseSource(nameof(Layers))]
    public void Layer(string name)
    {
        (Func<Module<double>> create, Shape shape) = s_layers[name];
        Module<double> layer = create();
        foreach (Parameter<double> parameter in layer.Parameters)
        {
            parameter.SetValue(LayerLawsTests<double>.Normal(parameter.Shape, 0.5, 1, seed: 77));
        }
        Parameter<double> x = new("x", LayerLawsTests<double>.Normal(shape, 0.3, 1));
        GradCheck.Assert(
            () =>
            {
                foreach (Counter counter in layer.Counters)
                {
                    counter.Value = 0; // the same dropout mask each time
                }
                return layer.Forward(x.Value);
            },
            [x, .. layer.Parameters]);
    }

    [TestCaseSource(nameof(Losses))]
    public void Loss(string name)
    {
        Parameter<double> x = new("x", LayerLawsTests<double>.Normal([5, 4], 0, 1));
        GradCheck.Assert(() => s_losses[name](x.Value), [x]);
    }

    /// <summary>A target that is trained too.</summary>
    [Test]
    public void Mean_squared_error_by_its_target()
    {
        Parameter<double> p = new("p", LayerLawsTests<double>.Normal([6], 0, 1)), t = new("t", LayerLawsTests<double>.Normal([6], 0, 1, seed: 2));
        GradCheck.Assert(() => p.Value.MeanSquaredError(t.Value), [p, t]);
    }

    [Test]
    public void Penalties()
    {
        Parameter<double> a = new("a", LayerLawsTests<double>.Normal([3, 4], 0, 1)), b = new("b", LayerLawsTests<double>.Normal([5], 1, 1));
        GradCheck.Assert(() => 2 * Penalty.L1([a, b], 0.3) + Penalty.L2([a, b], 0.7) + a.Value.Sum() * b.Value.Sum(), [a, b]);
    }

    /// <summary>An input that is its own scale: contributions written over each other.</summary>
    [Test]
    public void One_parameter_in_two_places()
    {
        Parameter<double> w = new("w", LayerLawsTests<double>.Normal([4], 0, 1)), b = new("b", LayerLawsTests<double>.Normal([4], 0, 1, seed: 2)), m = new("m", LayerLawsTests<double>.Normal([3, 3], 0, 1));
        GradCheck.Assert(() => w.Value.LayerNorm(w.Value, b.Value), [w, b]);
        GradCheck.Assert(() => w.Value.LayerNorm(b.Value, w.Value), [w, b]);
        GradCheck.Assert(() => m.Value.Linear(m.Value), [m]);
    }
}
