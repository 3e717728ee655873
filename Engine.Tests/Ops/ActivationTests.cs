using System.Numerics;

namespace Engine.Tests;

/// <summary>Activations far from zero, at their kinks, and with parameters that they refuse.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ActivationTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly string[] s_activations =
    [
        "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Softplus", "Silu", "Gelu", "GeluTanh", "Mish", "HardTanh", "Relu6", "HardSwish",
        "HardSigmoid", "Softsign", "LogSigmoid", "Tanhshrink", "Sigmoid", "Tanh", "Erf", "Atan",
    ];

    /// <summary>
    /// An exponential that overflows in a branch which is not taken, ∞/∞, 0·∞: in the value, the gradient or the gradient's gradient.
    /// </summary>
    [Test]
    public void Values_and_gradients_are_finite_far_from_zero([ValueSource(nameof(s_activations))] string name)
    {
        FunctionCase<T> function = FunctionCase<T>.All.Single(f => f.Name == name);
        double[] at = [1e4, -1e4, 1e3, -1e3, 710, -710, 89, -89, 88, -88, 40, -40, 20, -20, 1e-20, -1e-20, 0.0, -0.0];
        Parameter<T> x = new("x", Tensor<T>.From(Array.ConvertAll(at, T.CreateTruncating)));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = function.Apply(x.Value), gradient = tape.Gradient(y.Sum(), x.Value);
            Assert.That(y.ToArray(), Is.All.Matches<T>(T.IsFinite), "value");
            Assert.That(gradient.ToArray(), Is.All.Matches<T>(T.IsFinite), "gradient");
            Assert.That(tape.Gradient((gradient + x.Value).Sum(), x.Value).ToArray(), Is.All.Matches<T>(T.IsFinite), "second derivative");
            tape.Backward(y.Sum());
        }
        Assert.That(x.Gradient.ToArray(), Is.All.Matches<T>(T.IsFinite), "gradient of the backward pass");
    }

    /// <summary>0·∞ where a power of x overflows, or a factor that has not vanished beside a large x.</summary>
    [TestCase("Mish", 1, 0)]
    [TestCase("GeluTanh", 1, 0)]
    [TestCase("Gelu", 1, 0)]
    [TestCase("Silu", 1, 0)]
    [TestCase("Softplus", 1, 0)]
    [TestCase("LogSigmoid", 0, 1)]
    [TestCase("Elu", 1, 0)]
    [TestCase("Tanhshrink", 1, 1)]
    public void Slopes_reach_their_limits(string name, double right, double left)
    {
        FunctionCase<T> function = FunctionCase<T>.All.Single(f => f.Name == name);
        double[] beyondFloat = typeof(T) == typeof(double) ? [1e200, 1e308] : [];
        foreach (double at in (double[])[1e3, 1e10, 1e20, 1e30, 1e35, 1e38, 3e38, .. beyondFloat])
        {
            Assert.That(Slopes(function.Apply, at).First, Is.EqualTo(right), $"{at}");
            Assert.That(Slopes(function.Apply, -at).First, Is.EqualTo(left), $"{-at}");
        }
    }

    /// <summary>A comparison that turns NaN into 0 hides the failure of the layer before.</summary>
    [Test]
    public void NaN_stays_NaN()
    {
        foreach (FunctionCase<T> function in FunctionCase<T>.All.Where(static f => f.Name != "Pow")) // NaN⁰ = 1
        {
            Assert.That(T.IsNaN(function.Apply(Tensor<T>.From(T.NaN)).Item), function.Name);
        }
    }

    /// <summary>The slopes that PyTorch takes at kinks, and the second derivatives of smooth functions at 0.</summary>
    [TestCase("LeakyRelu", 0, 0.01)]
    [TestCase("Elu", 0, 1)]
    [TestCase("Selu", 0, 1.7580993408473766)]
    [TestCase("Celu", 0, 1)]
    [TestCase("HardTanh", -1, 0)]
    [TestCase("HardTanh", 1, 0)]
    [TestCase("HardTanh", 0.5, 1)]
    [TestCase("Relu6", 0, 0)]
    [TestCase("Relu6", 6, 0)]
    [TestCase("HardSwish", -3, 0)]
    [TestCase("HardSwish", 3, 1)]
    [TestCase("HardSigmoid", -3, 0)]
    [TestCase("HardSigmoid", 3, 0)]
    [TestCase("Softsign", 0, 1)]
    public void Slopes_at_kinks(string name, double at, double expected)
    {
        FunctionCase<T> function = FunctionCase<T>.All.Single(f => f.Name == name);
        Assert.That(Slopes(function.Apply, at).First, Is.EqualTo(expected).Within(1e-6));
    }

    [TestCase("Sigmoid", 0)]
    [TestCase("Softplus", 0.25)]
    [TestCase("LogSigmoid", -0.25)]
    [TestCase("Silu", 0.5)]
    [TestCase("Gelu", 0.7978845608028654)]
    [TestCase("GeluTanh", 0.7978845608028654)]
    [TestCase("Mish", 0.64)]
    [TestCase("Sinh", 0)]
    [TestCase("Cosh", 1)]
    [TestCase("Cos", -1)]
    [TestCase("ExpM1", 1)]
    [TestCase("LogP1", -1)]
    public void Second_derivatives_at_zero(string name, double expected)
    {
        FunctionCase<T> function = FunctionCase<T>.All.Single(f => f.Name == name);
        Assert.That(Slopes(function.Apply, 0).Second, Is.EqualTo(expected).Within(1e-6));
    }

    /// <summary>
    /// The slope at a bound: torch.clamp of PyTorch 2.14.1 has 0 there, with numbers for bounds, one or two of them, equal or not, in float
    /// and double.
    /// </summary>
    [TestCase(-1, 2, -1, 0)]
    [TestCase(-1, 2, 2, 0)]
    [TestCase(-1, 2, 1.5, 1)]
    [TestCase(-1, 2, 2.5, 0)]
    [TestCase(-1, 2, -1.5, 0)]
    [TestCase(-1, double.PositiveInfinity, -1, 0)]
    [TestCase(-1, double.PositiveInfinity, 2, 1)]
    [TestCase(double.NegativeInfinity, 2, -1, 1)]
    [TestCase(double.NegativeInfinity, 2, 2, 0)]
    [TestCase(2, 2, 2, 0)]
    [TestCase(-1, 2, double.NaN, 0)]
    public void Clamp_has_the_slope_of_PyTorch(double low, double high, double at, double expected) =>
        Assert.That(Slopes(x => x.Clamp(low, high), at).First, Is.EqualTo(expected));

    /// <summary>0·x⁻¹ is NaN at 0; logarithms of negative numbers are NaN for whole exponents.</summary>
    [TestCase(0, 0, 1, 0)]
    [TestCase(0, -2, 1, 0)]
    [TestCase(1, 0, 0, 1)]
    [TestCase(2, -3, 9, -6)]
    [TestCase(3, -2, -8, 12)]
    [TestCase(-1, -2, -0.5, -0.25)]
    [TestCase(0.5, 4, 2, 0.25)]
    [TestCase(0.5, 0, 0, double.PositiveInfinity)]
    [TestCase(0.5, -1, double.NaN, double.NaN)]
    public void Powers_with_a_constant_exponent(double exponent, double at, double value, double slope)
    {
        Assert.That(double.CreateTruncating(Tensor<T>.From(T.CreateTruncating(at)).Pow(exponent).Item), Is.EqualTo(value).Within(1e-6));
        Assert.That(Slopes(x => x.Pow(exponent), at).First, Is.EqualTo(slope).Within(1e-6));
    }

    [Test]
    public void Parameters_out_of_range_throw()
    {
        Tensor<T> x = Tensor<T>.From(T.One);
        foreach (double wrong in (double[])[0, -1, double.NaN])
        {
            Assert.That(
                () => x.Softplus(wrong), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Softplus: got β = ")
                    .And.Message.Contains("expected a positive number"));
            Assert.That(() => x.Celu(wrong), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Celu: got α = "));
        }
        foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity])
        {
            Assert.That(
                () => x.LeakyRelu(wrong), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("LeakyRelu: got the slope "));
            Assert.That(() => x.Elu(wrong), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Elu: got α = "));
        }
        Assert.That(() => x.Clamp(1, 0), Throws.ArgumentException.With.Message.Contains("Clamp: got the bounds 1 and 0, expected"));
        Assert.That(() => x.Clamp(double.NaN, 0), Throws.ArgumentException);
        Assert.That(() => x.HardTanh(1, 1), Throws.ArgumentException.With.Message.Contains("HardTanh: got the bounds 1 and 1"));
        Assert.That(() => new HardTanh<T>(2, 1), Throws.ArgumentException);
        Assert.That(x.Clamp(0.5, 0.5).Item, Is.EqualTo(T.CreateTruncating(0.5)), "equal bounds are allowed");
    }

    /// <summary>A layer that ignores its parameter, or a default that is not PyTorch's.</summary>
    [Test]
    public void Layers_pass_their_parameters_on()
    {
        Tensor<T> x = Tensor<T>.From(Array.ConvertAll((double[])[-1.5, -0.3, 0.4, 1.7], T.CreateTruncating));
        Same(new LeakyRelu<T>().Forward(x), x.LeakyRelu(0.01));
        Same(new LeakyRelu<T>(0.3).Forward(x), x.LeakyRelu(0.3));
        Same(new Elu<T>().Forward(x), x.Elu(1));
        Same(new Elu<T>(0.3).Forward(x), x.Elu(0.3));
        Same(new Celu<T>().Forward(x), x.Celu(1));
        Same(new Celu<T>(0.3).Forward(x), x.Celu(0.3));
        Same(new Softplus<T>().Forward(x), x.Softplus(1));
        Same(new Softplus<T>(3).Forward(x), x.Softplus(3));
        Same(new HardTanh<T>().Forward(x), x.Clamp(-1, 1));
        Same(new HardTanh<T>(-0.2, 0.3).Forward(x), x.Clamp(-0.2, 0.3));
        Same(new Activation<SoftplusFunction, T>().Forward(x), x.Softplus());

        static void Same(Tensor<T> actual, Tensor<T> expected) => SameBits.Check(actual.Span, expected.Span, "layer");
    }

    private static (double First, double Second) Slopes(Func<Tensor<T>, Tensor<T>> function, double at)
    {
        Parameter<T> x = new("x", Tensor<T>.From(T.CreateTruncating(at)));
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(function(x.Value).Sum());
        }
        using (tape.Record())
        {
            Tensor<T> first = tape.Gradient(function(x.Value).Sum(), x.Value);
            // the sum with x depends on x even where the derivative is a constant
            double second = double.CreateTruncating(tape.Gradient((first + x.Value).Sum(), x.Value).Item) - 1;
            Assert.That(first.Item, Is.EqualTo(x.Gradient.Item).Within(T.CreateTruncating(1e-6)), "the recorded gradient");
            return (double.CreateTruncating(x.Gradient.Item), second);
        }
    }
}
