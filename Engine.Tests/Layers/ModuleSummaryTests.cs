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
}
