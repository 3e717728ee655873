namespace Engine.Tests.Interpreters;

/// <summary>The operations that a formula needs beyond those of layers.</summary>
public sealed class LaneOperationTests
{
    private static readonly Parameter<double> s_a = new("a", Tensor<double>.From([0.5, 1.5, -2, 3, 0.25, 4], [2, 3])),
        s_b = new("b", Tensor<double>.From([1.25, -0.5, 2.5], [3]));

    private static IEnumerable<object[]> Smooth() =>
    [
        ["maximum", (Func<Tensor<double>>)(() => Tensor<double>.Maximum(s_a.Value, s_b.Value))],
        ["minimum", (Func<Tensor<double>>)(() => Tensor<double>.Minimum(s_a.Value, s_b.Value))],
        ["power", (Func<Tensor<double>>)(() => Tensor<double>.Pow(s_a.Value.Abs(), s_b.Value))],
        ["sign", (Func<Tensor<double>>)(() => s_a.Value.Sign() * s_a.Value + s_b.Value.Sign())],
        ["choice", (Func<Tensor<double>>)(() => Tensor<double>.WhereGreater(s_a.Value, s_b.Value, s_a.Value * s_b.Value, s_b.Value))],
        ["lane", (Func<Tensor<double>>)(() => Everything<TensorLane<double>>(s_a.Value, s_b.Value).Tensor)],
    ];

    private static L Everything<L>(L a, L b) where L : ILane<L> =>
        L.WhereGreater(a, b, a - b, 2) / L.Max(1, b) + L.WhereGreater(b, a, a,
            L.Exp(b)) * L.Sqrt(3 + a) + L.Log(L.Abs(a)) - L.Tanh(b) + L.Pow(L.Abs(b), 0.5 * a) + L.Max(a, b) * L.Min(a,
            1) + L.Abs(b) * L.Sign(b) - -a / 3 + L.Sin(a) * L.Cos(b) + L.Atan(a) - L.Erf(b) + L.ExpM1(0.5 * a) * L.LogP1(L.Abs(b));

    /// <summary>Catches a wrong derivative, a lost side, and a gradient that is not summed back over what was broadcast.</summary>
    [TestCaseSource(nameof(Smooth))]
    public void Derivatives_are_those_of_differences(string name, Func<Tensor<double>> function)
    {
        GradCheckReport report = GradCheck.Run(function, [s_a, s_b]);
        Assert.That(report.Passed, $"{name}: {report}");
    }

    /// <summary>Catches a lane whose forward is not the formula's.</summary>
    [Test]
    public void The_lane_computes_the_formula()
    {
        double[] y = Everything<TensorLane<double>>(s_a.Value, s_b.Value).Tensor.ToArray();
        double[] expected = [.. Enumerable.Range(0, 6).Select(i =>
            Everything<Scalar<double>>(s_a.Value.Span[i], s_b.Value.Span[i % 3]).Value)];
        Assert.That(y, Is.EqualTo(expected).Within(1e-15));
        Assert.That(Everything<TensorLane<double>>(0.5, 1.25).Tensor.Item, Is.EqualTo(Everything<Scalar<double>>(0.5, 1.25).Value),
            "numbers stay numbers");
    }

    /// <summary>Numbers that become tensors of single precision before they meet one: 10⁻⁹ is lost, and 10⁶⁰ is infinite.</summary>
    [Test]
    public void Numbers_keep_double_precision_until_they_meet_a_tensor()
    {
        static L Two<L>(L x) where L : ILane<L>
        {
            L one = 1, tiny = 1e-9, huge = 1e30;
            return x * ((one + tiny - one) * 1e9 + huge * huge / (huge * huge));
        }
        Assert.That(Two<TensorLane<float>>(Tensor<float>.From(3)).Tensor.Item, Is.EqualTo(6).Within(1e-5));
    }

    /// <summary>PyTorch's choice at ties: the gradient is shared. One that gave all, or nothing, to one side would differ.</summary>
    [Test]
    public void Ties_share_the_gradient()
    {
        Parameter<double> a = new("a", Tensor<double>.From(2, 2)), b = new("b", Tensor<double>.From(2, 1));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward((Tensor<double>.Maximum(a.Value, b.Value) + 10 * Tensor<double>.Minimum(a.Value, b.Value)).Sum());
        }
        Assert.That(a.Gradient.ToArray(), Is.EqualTo(new[] { 5.5, 1 }));
        Assert.That(b.Gradient.ToArray(), Is.EqualTo(new[] { 5.5, 10 }));
    }

    /// <summary>
    /// The classic trap: √x, ln x and 1/x at 0 in the branch that was not chosen have infinite derivatives, and 0·∞ is NaN.
    /// </summary>
    [Test]
    public void What_was_not_chosen_leaks_no_NaN()
    {
        static L Safe<L>(L x) where L : ILane<L> =>
            L.WhereGreater(x, 0, L.Sqrt(x) + L.Log(x) + 1 / x + L.Pow(x, 0.5) + x / L.Sqrt(x), 7 * x);
        Parameter<double> x = new("x", Tensor<double>.From(4, 0));
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double> y = Safe<TensorLane<double>>(x.Value).Tensor;
            Assert.That(y.Span[1], Is.Zero);
            tape.Backward(y.Sum());
        }
        Assert.That(x.Gradient.Span[0], Is.EqualTo(0.25 + 0.25 - 1.0 / 16 + 0.25 + 0.25).Within(1e-12));
        Assert.That(x.Gradient.Span[1], Is.EqualTo(7));
    }

    /// <summary>A guard that swallowed NaN altogether would hide a loss that is not a number.</summary>
    [Test]
    public void A_gradient_that_is_NaN_stays_NaN()
    {
        Parameter<double> x = new("x", Tensor<double>.From(4));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward((TensorLane<double>.Sqrt(x.Value) * double.NaN).Tensor.Sum());
        }
        Assert.That(x.Gradient.Item, Is.NaN);
    }

    /// <summary>
    /// Whole exponents take numbers of any sign, in every lane and at every position; a register that went through logarithms would give
    /// NaN or other bits.
    /// </summary>
    [Test]
    public void Powers_have_the_same_bits_at_every_position()
    {
        double[] x = [.. Enumerable.Range(0, 37).Select(i => (i - 18) * 0.37)];
        foreach (double y in (double[])[3, -2, 0])
        {
            Tensor<double> powers = Tensor<double>.Pow(Tensor<double>.From(x), Tensor<double>.From(y));
            for (int i = 0; i < x.Length; i++)
            {
                Bits.Same(powers.Span[i], Scalar<double>.Pow(x[i], y).Value, $"{x[i]}^{y}");
            }
        }
    }

    [Test]
    public void The_derivative_of_a_power_is_finite_at_its_corners()
    {
        Parameter<double> a = new("a", Tensor<double>.From(0, 0, -2)), b = new("b", Tensor<double>.From(0, 2, 3));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(Tensor<double>.Pow(a.Value, b.Value).Sum());
        }
        Assert.That(a.Gradient.ToArray(), Is.EqualTo(new double[] { 0, 0, 12 }));
        Assert.That(b.Gradient.ToArray(), Is.EqualTo(new double[] { 0, 0, 0 }));
    }
}
