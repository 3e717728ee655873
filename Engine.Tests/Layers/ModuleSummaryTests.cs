namespace Engine.Tests;

/// <summary>The table of a module, and what is done to all its parameters at once.</summary>
internal sealed class ModuleSummaryTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(5);

    private static Sequential<float> Model() => new(
        new Linear<float>(4, 8, s_key), new BatchNorm<float>(8), new Tanh<float>(), new Linear<float>(8, 2, s_key, bias: false));

    /// <summary>
    /// A shape of the input instead of the output, a parameter that is counted twice, a batch norm that has seen the zeros.
    /// </summary>
    [Test]
    public void Summary()
    {
        Sequential<float> model = Model();
        string text = model.Summary([3, 4]);
        Assert.That(
            text.ReplaceLineEndings("\n"),
            Is.EqualTo("""
                name  layer                   output    parameters         bytes
                0     Linear(4 → 8)           [3, 8]            40           160
                1     BatchNorm(8)            [3, 8]            16            64
                2     Tanh                    [3, 8]             0             0
                3     Linear(8 → 2, no bias)  [3, 2]            16            64
                      total                                     72           288

                """.ReplaceLineEndings("\n")));
        Assert.That(model.Training);
        Assert.That(model.Counters[0].Value, Is.Zero);
    }

    /// <summary>Catches: a chain of no layers that has no row; layers inside a residual one without their shape.</summary>
    [Test]
    public void Summary_of_chains_in_layers()
    {
        Assert.That(new Sequential<float>().Summary([2, 3]), Does.Contain("Sequential  [2, 3]"));
        Residual<float> residual = new(
            new Sequential<float>(new Linear<float>(4, 8, s_key), new Linear<float>(8, 2, s_key)), new Linear<float>(4, 2, s_key));
        string[] rows = [.. residual.Summary([3, 4]).Split('\n').Skip(1).Select(static row => string.Join(' ', row.Split(' ',
            StringSplitOptions.RemoveEmptyEntries)))];
        Assert.That(rows, Is.EqualTo((string[])
        [
            "Residual [3, 2] 68 272", "body.0 Linear(4 → 8) [3, 8] 40 160", "body.1 Linear(8 → 2) [3, 2] 18 72",
            "projection Linear(4 → 2) [3, 2] 10 40", "total 68 272", "",
        ]));
    }

    [Test]
    public void Summary_of_a_module_with_modules_inside() => Assert.That(
        new MultiHeadAttention<float>(6, 2, s_key).Summary([1, 3, 6]),
            Does.Contain("out_proj").And.Contains("[1, 3, 6]").And.Contains("168"));

    /// <summary>A frozen parameter that gets a gradient or is changed by a step.</summary>
    [Test]
    public void Frozen_parameters_are_constants()
    {
        Sequential<float> model = Model();
        Optimizer<float> optimizer = Optimizer.For(new Adam(), model.Parameters);
        model[0].Freeze();
        float[] before = model[0].Parameters[0].Value.ToArray(), last = model[3].Parameters[0].Value.ToArray();
        Tape<float> tape = new();
        Tensor<float> x = Tensor<float>.From(Samples.Uniform<float>(12, 3), [3, 4]);
        using (tape.Record())
        {
            tape.Backward(model.Forward(x).Square().Sum());
        }
        optimizer.Step();
        Assert.That(model[0].Parameters.Select(static p => p.HasGradient), Is.All.False);
        Assert.That(model[0].Parameters[0].Value.ToArray(), Is.EqualTo(before));
        Assert.That(model[3].Parameters[0].Value.ToArray(), Is.Not.EqualTo(last));
        model.Thaw();
        using (tape.Record())
        {
            tape.Backward(model.Forward(x).Square().Sum());
        }
        Assert.That(model.Parameters.Select(static p => p.HasGradient), Is.All.True);
        model[0].Freeze();
        before = model[0].Parameters[0].Value.ToArray();
        optimizer.Step();
        Assert.That(model[0].Parameters[0].Value.ToArray(), Is.EqualTo(before), "frozen between the backward pass and the step");
        Parameter<float> weight = model[0].Parameters[0];
        Assert.That(() => weight.SetGradient(weight.Value), Throws.InvalidOperationException.With.Message.Contains("frozen"));
        Assert.That(
            () => optimizer.StepRows(weight, [0], Tensor<float>.Ones([1, 4])),
            Throws.InvalidOperationException.With.Message.Contains("StepRows: got the frozen parameter '0.weight'"));
    }

    /// <summary>A parameter, buffer or counter that is left out; names with the path of the module around.</summary>
    [Test]
    public void CopyFrom_gives_the_same_function()
    {
        Sequential<float> model = Model(), other = Model();
        model.Initialize(s_key.Fold("other"), Initializers.HeNormal(), Initializers.Constant(0.1));
        Tensor<float> x = Tensor<float>.From(Samples.Uniform<float>(12, 3), [3, 4]);
        _ = model.Forward(x);
        other.CopyFrom(model);
        model.Training = other.Training = false;
        SameBits.Check<float>(other.Forward(x).Span, model.Forward(x).Span, "output");
        Assert.That(other.Counters[0].Value, Is.EqualTo(1));
        Assert.That(
            () => other.CopyFrom(new Linear<float>(4, 8, s_key)), Throws.ArgumentException.With.Message.Contains("0.weight [8, 4]"));
        other[3].CopyFrom(new Linear<float>(8, 2, s_key, bias: false));
    }

    /// <summary>A scale that is initialized as a weight or bias, two weights with the same numbers.</summary>
    [Test]
    public void Initialize_goes_by_role()
    {
        Sequential<float> model = Model();
        model.Initialize(s_key, Initializers.Constant(2), Initializers.Constant(3));
        Assert.That(
            model.Parameters.Select(static p => (p.Name, p.Value.Span[0])),
            Is.EqualTo(((string, float)[])[("0.weight", 2), ("0.bias", 3), ("1.weight", 1), ("1.bias", 3), ("3.weight", 2)]));
        model.Initialize(s_key, Initializers.Normal(0, 1));
        Assert.That(model[0].Parameters[0].Value.Span[0], Is.Not.EqualTo(model[3].Parameters[0].Value.Span[0]));
        Assert.That(model[0].Parameters[1].Value.Span[0], Is.EqualTo(3));
    }

    /// <summary>
    /// Catches: roles that are told by the number of axes or the end of the name alone; what depends on a weight and is left as it was; a
    /// part that is initialized before the rest is refused.
    /// </summary>
    [Test]
    public void Initialize_knows_the_roles_of_every_layer()
    {
        Initializer two = Initializers.Constant(2), three = Initializers.Constant(3);
        Sequential<float> model = new(
            new Lstm<float>(2, 3, s_key), new LayerNorm<float>([2, 2]), new RmsNorm<float>([2, 2]),
            new WeightNorm<float>(new Linear<float>(4, 2, s_key)));
        model.Initialize(s_key, two, three);
        Assert.That(
            model.Parameters.ToDictionary(static p => p.Name, static p => p.Value.Span[0]),
            Is.EquivalentTo(new Dictionary<string, float>
            {
                ["0.weight_ih_l0"] = 2, ["0.weight_hh_l0"] = 2, ["0.bias_ih_l0"] = 3, ["0.bias_hh_l0"] = 3, ["1.weight"] = 1,
                ["1.bias"] = 3, ["2.weight"] = 1, ["3.weight_g"] = 4, ["3.weight_v"] = 2, ["3.bias"] = 3,
            }));
        SpectralNorm<double> spectral = new(new Linear<double>(4, 3, s_key), s_key);
        spectral.Initialize(s_key, Initializers.Constant(2));
        spectral.Training = false;
        double largest = spectral.Forward(Tensor<double>.Full([1, 4], 0.5)).Sum().Item - spectral.Bias!.Value.Sum().Item;
        Assert.That(largest, Is.EqualTo(Math.Sqrt(3)).Within(1e-12), "a matrix of rank 1 and norm 1 times a vector of norm 1");
        Sequential<float> refused = new(new Linear<float>(3, 3, s_key), new Conv1d<float>(1, 1, 3, s_key));
        float[] before = refused[0].Parameters[0].Value.ToArray();
        Assert.That(() => refused.Initialize(s_key, Initializers.Identity()), Throws.ArgumentException);
        Assert.That(refused[0].Parameters[0].Value.ToArray(), Is.EqualTo(before));
    }
}
