namespace Engine.Tests;

/// <summary>Functions with parameters, applied to tensors.</summary>
internal sealed class ApplyTests
{
    private readonly Tape<double> _tape = new();
    private readonly Parameter<double> _x = new("x", Tensor<double>.From(-2.0, 0, 3));

    /// <summary>1/scale·x: tells 0 from −0, which are equal.</summary>
    private readonly record struct Inverse(double Scale) : IUnaryFunction
    {
        public static string Name => "Inverse";

        public L Value<L>(L x) where L : ILane<L> => x / Scale;

        public L Derivative<L>(L x, L y) where L : ILane<L> => 1 / (L)Scale;
    }

    [SetUp]
    public void Clear() => _x.ClearGradient();

    /// <summary>Operations kept for other parameter values, or replaced while a recording still needs them.</summary>
    [Test]
    public void Every_parameter_value_has_its_own_gradient([Values(2, 100)] int count)
    {
        using (_tape.Record())
        {
            Tensor<double> sum = _x.Value * 0;
            for (int i = 1; i <= count; i++)
            {
                sum += _x.Value.Apply(new Inverse(1.0 / i));
            }
            _tape.Backward(sum.Sum());
        }
        Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(count * (count + 1) / 2).Within(1e-9));
    }

    [Test]
    public void Zero_and_negative_zero_are_different_parameters()
    {
        Assert.That(new Inverse(0.0), Is.EqualTo(new Inverse(-0.0)), "equal, but not the same function");
        foreach (double zero in (double[])[0.0, -0.0])
        {
            _x.ClearGradient();
            using (_tape.Record())
            {
                _tape.Backward(_x.Value.Apply(new Inverse(zero)), Tensor<double>.From(1, 1, 1));
            }
            Assert.That(_x.Gradient.ToArray(), Is.All.EqualTo(1 / zero));
        }
    }

    /// <summary>An object for each use of a function whose parameters were used before.</summary>
    [Test]
    public void The_same_few_parameter_values_allocate_nothing_when_warm() => Warm.AllocatesNothing(() =>
    {
        _x.ClearGradient();
        using (_tape.Record())
        {
            Tensor<double> sum = _x.Value * 1;
            for (int i = 0; i < 16; i++)
            {
                sum += Tensor<double>.Apply(new Hypotenuse(i), _x.Value.Apply(new Swish(i)), sum);
            }
            _tape.Backward(sum.Sum());
        }
    });

    /// <summary>A value that depends on the width of the registers, or on the place in them.</summary>
    [Test]
    public void A_users_function_has_the_bits_of_one_number_alone()
    {
        Tensor<float> x = Tensor<float>.From(Samples.Uniform<float>(1003, 5, -9, 9));
        ReadOnlySpan<float> y = x.Apply(new Swish(1.5)).Span;
        float[] expected = [.. x.ToArray().Select(static v => new Swish(1.5).Value(new Scalar<float>(v)).Value)];
        SameBits.Check(y, expected, "Swish");
    }

    /// <summary>As in PyTorch, the gradient at a pole is infinite: only a zero gradient of the output is kept from it.</summary>
    [Test]
    public void A_pole_has_an_infinite_gradient()
    {
        Parameter<double> zero = new("zero", Tensor<double>.From(0.0, 0.0));
        foreach ((Func<Tensor<double>, Tensor<double>> f, double expected) in ((Func<Tensor<double>, Tensor<double>>, double)[])
            [
                (static x => x.Sqrt(), double.PositiveInfinity), (static x => x.Log(), double.PositiveInfinity),
                (static x => 1 / x, double.NegativeInfinity)])
        {
            zero.ClearGradient();
            using (_tape.Record())
            {
                _tape.Backward(f(zero.Value), Tensor<double>.From(1, 0));
            }
            Assert.That(zero.Gradient.ToArray(), Is.EqualTo((double[])[expected, 0]));
        }
    }
}
