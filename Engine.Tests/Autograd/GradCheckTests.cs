using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The gradient check must pass right operations, and fail each kind of wrong one at the right element.</summary>
internal sealed class GradCheckTests
{
    private static readonly Parameter<double> s_a = new("a", Tensor<double>.From(Samples.Uniform<double>(6, 1), [2, 3])),
        s_b = new("b", Tensor<double>.From(Samples.Uniform<double>(3, 2)));

    [Test]
    public void A_right_gradient_passes()
    {
        GradCheckReport report = GradCheck.Assert(() => (s_a.Value * s_b.Value).Tanh().Sum(), [s_a, s_b]);
        Assert.That(report.Passed);
        Assert.That(report.Compared, Is.EqualTo(9));
        Assert.That(report.RelativeError, Is.LessThan(1e-7));
    }

    [Test]
    public void A_wrong_factor_is_found()
    {
        GradCheckReport report = GradCheck.Run(() => WrongOps.WrongFactor(s_a.Value), [s_a]);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.Parameter, Is.EqualTo("a"));
        Assert.That(report.Analytic / report.Numeric, Is.EqualTo(1.0005).Within(1e-7));
        Assert.That(report.RelativeError, Is.EqualTo(0.001 / 2.001).Within(1e-7));
    }

    [Test]
    public void A_forgotten_sum_over_broadcast_axes_is_found() =>
        Assert.That(GradCheck.Run(() => WrongOps.ForgottenSum(s_a.Value, s_b.Value), [s_a, s_b]).Parameter, Is.EqualTo("b"));

    [Test]
    public void A_missing_contribution_is_found()
    {
        GradCheckReport report = GradCheck.Run(() => WrongOps.NoContribution(s_a.Value), [s_a]);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.Analytic, Is.Zero);
    }

    [Test]
    public void A_NaN_is_found_where_it_stands()
    {
        GradCheckReport report = GradCheck.Run(() => WrongOps.NaNInOnePlace(s_a.Value), [s_a]);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.Index, Is.EqualTo(1));
        Assert.That(report.Analytic, Is.NaN);
    }

    [Test]
    public void A_Backward_that_ignores_the_outputs_gradient_is_found([Values] bool scalar) =>
        Assert.That(
            GradCheck.Run(
                () => scalar ? WrongOps.WithoutOutputGradient(s_b.Value.Sum()) : WrongOps.WithoutOutputGradient(s_a.Value),
                scalar ? [s_b] : [s_a]).Passed,
            Is.False);

    /// <summary>A difference of infinities must not count as agreement.</summary>
    [Test]
    public void An_infinite_slope_fails()
    {
        Parameter<double> zero = new("zero", Tensor<double>.Zeros([1]));
        Assert.That(GradCheck.Run(() => zero.Value.Log(), [zero]).Passed, Is.False);
    }

    [Test]
    public void Two_backward_passes_that_differ_in_one_bit_throw()
    {
        int passes = 0;
        Assert.That(
            () => GradCheck.Run(() => WrongOps.Undetermined(s_b.Value.Sum(), () => passes++), [s_b]),
            Throws.InvalidOperationException.With.Message.Contains("not deterministic"));
    }

    [Test]
    public void A_large_parameter_is_checked_in_random_directions([Values] bool isWrong)
    {
        Parameter<double> large = new("large", Tensor<double>.From(Samples.Uniform<double>(5000, 3)));
        GradCheckReport report = GradCheck.Run(() => isWrong ? WrongOps.WrongFactor(large.Value) : large.Value.Square(), [large]);
        Assert.That(report.Passed, Is.Not.EqualTo(isWrong));
        Assert.That(report.IsDirection);
        Assert.That(report.Compared, Is.EqualTo(16));
    }

    [Test]
    public void The_message_names_the_element_and_both_numbers() => Assert.That(
        () => GradCheck.Assert(() => WrongOps.WrongFactor(s_a.Value), [s_a]),
        Throws.InvalidOperationException.With.Message.Match(
            @"^GradCheck failed: the worst of 6 derivatives is that with respect to element \d of 'a': got -?\d\.\d+ from the tape, "
            + @"expected -?\d\.\d+ by central difference \(relative error 5\.0E-004\)\.$"));

    /// <summary>Values nudged by a rounding error, or gradients overwritten, would change the training that goes on afterwards.</summary>
    [Test]
    public void Values_and_gradients_are_as_before([Values] bool throws)
    {
        Parameter<double> with = new("with", Tensor<double>.From(0.1, 0.2, 0.3)), without = new("without", Tensor<double>.From(0.7));
        with.SetGradient(Tensor<double>.From(1, 2, 3));
        int calls = 0;
        Tensor<double> Function() => throws && ++calls == 4 ? throw new NotSupportedException() : (with.Value * without.Value).Exp();
        if (throws)
        {
            Assert.Throws<NotSupportedException>(() => GradCheck.Run(Function, [with, without]));
        }
        else
        {
            GradCheck.Assert(Function, [with, without]);
        }
        Assert.That(with.Value.ToArray(), Is.EqualTo((double[])[0.1, 0.2, 0.3]));
        Assert.That(without.Value.Item, Is.EqualTo(0.7));
        Assert.That(with.Gradient.ToArray(), Is.EqualTo((double[])[1, 2, 3]));
        Assert.That(without.HasGradient, Is.False);
    }

    /// <summary>A check in the middle of a training step leaves the step's recording alone.</summary>
    [Test]
    public void A_check_inside_a_recording_does_not_disturb_it()
    {
        Tape<double> tape = new();
        Parameter<double> x = new("x", Tensor<double>.From(2.0));
        using (tape.Record())
        {
            Tensor<double> y = x.Value.Square();
            GradCheck.Assert(() => x.Value.Exp(), [x]);
            tape.Backward((y * 3).Sum());
        }
        Assert.That(tape.Count, Is.EqualTo(3));
        Assert.That(x.Gradient.Item, Is.EqualTo(12));
    }

    [Test]
    public void Nothing_to_check_throws()
    {
        Assert.Throws<ArgumentException>(() => GradCheck.Run(() => s_a.Value.Sum(), []));
        Assert.Throws<InvalidOperationException>(() => GradCheck.Run(() => Tensor<double>.From(1.0), [s_a]));
    }

    [Test]
    public void An_output_that_changes_its_shape_throws()
    {
        int calls = 0;
        Assert.That(
            () => GradCheck.Run(() => ++calls < 3 ? s_a.Value.Exp() : s_b.Value.Exp(), [s_a, s_b]),
            Throws.InvalidOperationException.With.Message.Contains("shape"));
    }

    [Test]
    public void A_null_among_the_parameters_and_parameters_without_elements_are_said_to_be_so()
    {
        Parameter<double> empty = new("empty", Tensor<double>.Zeros([0]));
        Assert.That(() => GradCheck.Run(() => empty.Value, [empty, null!]), Throws.ArgumentException.With.Message.Contains("position 1"));
        GradCheckReport report = GradCheck.Run(() => empty.Value.Exp(), [empty]);
        Assert.That((report.Passed, report.Compared), Is.EqualTo((true, 0)));
        Assert.That(report.ToString(), Does.Contain("no derivative to compare").And.Not.Contain("element 0"));
    }
}
