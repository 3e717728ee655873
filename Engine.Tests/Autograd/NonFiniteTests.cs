using System.Runtime.CompilerServices;

namespace Engine.Tests.Autograd;

/// <summary>The first number that is not finite is named, with the operation, its inputs and the line that called it.</summary>
public sealed class NonFiniteTests
{
    private Parameter<double> _x = null!;
    private Tape<double> _tape = null!;

    [SetUp]
    public void SetUp()
    {
        _x = new("x", Tensor<double>.From([4, 1, -1, 2], [2, 2]));
        _tape = new() { DetectsNonFinite = true };
    }

    /// <summary>Catches: the last operation with NaN named instead of the first, and the engine's line instead of the program's.</summary>
    [Test]
    public void The_first_result_is_named_with_its_line()
    {
        int line = 0;
        NonFiniteValueException? caught = Assert.Throws<NonFiniteValueException>(() =>
        {
            using (_tape.Record())
            {
                Tensor<double> y = _x.Value.Log(); line = Line();
                _tape.Backward((2 * y.Exp()).Sum());
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(caught!.Phase, Is.EqualTo(NonFinitePhase.Forward));
            Assert.That(caught.Operation, Is.EqualTo("Log"));
            Assert.That(caught.Element, Is.EqualTo(2));
            Assert.That(caught.Value, Is.NaN);
            Assert.That(caught.Message, Does.Contain("the result of operation 1, of shape [2, 2]"));
            Assert.That(caught.Message, Does.Contain("its inputs were 'x' [2, 2] from -1 to 4, -1 there."));
            Assert.That(caught.Site.File, Does.EndWith("NonFiniteTests.cs"));
            Assert.That(caught.Site.Line, Is.EqualTo(line));
        });
        Assert.That(_x.HasGradient, Is.False);
    }

    /// <summary>Catches: a gradient that is not finite blamed on the operation before, and gradients of before that are lost.</summary>
    [Test]
    public void The_first_gradient_is_named_and_those_of_before_stay()
    {
        _x.SetValue(Tensor<double>.From([4, 0, 1, 2], [2, 2]));
        _x.SetGradient(Tensor<double>.From([1, 2, 3, 4], [2, 2]));
        int line = 0;
        NonFiniteValueException? caught = Assert.Throws<NonFiniteValueException>(() =>
        {
            using (_tape.Record())
            {
                Tensor<double> y = _x.Value * 2;
                Tensor<double> root = y.Sqrt(); line = Line();
                _tape.Backward((root * 3).Sum() + y.Sum());
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(caught!.Phase, Is.EqualTo(NonFinitePhase.Backward));
            Assert.That(caught.Operation, Is.EqualTo("Sqrt"));
            Assert.That(caught.Element, Is.EqualTo(1));
            Assert.That(caught.Value, Is.EqualTo(double.PositiveInfinity));
            Assert.That(caught.Message, Does.Contain("the gradient of the first input"));
            Assert.That(caught.Message, Does.Contain("gradient of the result [2, 2] from 3 to 3, 3 there"));
            Assert.That(caught.Site.Line, Is.EqualTo(line));
            Assert.That(_x.Gradient.ToArray(), Is.EqualTo((double[])[1, 2, 3, 4]));
            Assert.That(_x.GradientsReceived, Is.EqualTo(1), "a pass that throws has given nothing");
        });
    }

    /// <summary>Catches: a line that is kept from an earlier recording with another operation in its place.</summary>
    [Test]
    public void A_changed_recording_has_its_own_lines()
    {
        _x.SetValue(Tensor<double>.From([4, 1, 1, 2], [2, 2]));
        using (_tape.Record())
        {
            _tape.Backward(_x.Value.Exp().Log().Sum());
        }
        int line = 0;
        NonFiniteValueException? caught = Assert.Throws<NonFiniteValueException>(() =>
        {
            using (_tape.Record())
            {
                Tensor<double> far = _x.Value.Square();
                Tensor<double> huge = (far * 1000).Exp(); line = Line();
                _tape.Backward(huge.Sum() + far.Sum());
            }
        });
        Assert.That(caught!.Operation, Is.EqualTo("Exp"));
        Assert.That(caught.Site.Line, Is.EqualTo(line));
        Assert.That(caught.Message, Does.Contain("its inputs were [2, 2] from 1000 to 16000, 16000 there"));
    }

    /// <summary>A number that a mask hides does not reach the loss, and is left alone; without detection nothing is ever thrown.</summary>
    [Test]
    public void What_does_not_reach_the_loss_is_left_alone()
    {
        using (_tape.Record())
        {
            Tensor<double> log = (_x.Value * Tensor<double>.From([-1, 1, -1, 1], [2, 2])).Log();
            Tensor<double> mask = Tensor<double>.From([0, 1, 1, 1], [2, 2]);
            _tape.Backward(Tensor<double>.Where(mask, log, _x.Value).Sum());
        }
        Tape<double> plain = new();
        using (plain.Record())
        {
            plain.Backward(_x.Value.Log().Sum());
        }
        Assert.That(_x.Gradient.Span[2], Is.EqualTo(-2), "−1 from each of the two");
    }

    /// <summary>An input of another shape is described by its range, and a parameter by its name.</summary>
    [Test]
    public void A_product_is_described_by_the_range_of_its_factors()
    {
        _x.SetValue(Tensor<double>.From([1e200, 0, 0, 1], [2, 2]));
        NonFiniteValueException? caught = Assert.Throws<NonFiniteValueException>(() =>
        {
            using (_tape.Record())
            {
                _tape.Backward(_x.Value.MatMul(Tensor<double>.From([1e200, 1, 1, -1, 2, 3], [2, 3])).Sum());
            }
        });
        Assert.That(caught!.Message, Does.Contain("'x' [2, 2] from 0 to 1E+200; [2, 3] from -1 to 1E+200, 1E+200 there"));
    }

    /// <summary>Catches: a stack that is looked at in each recording, which takes longer than most operations.</summary>
    [Test]
    public void A_warm_step_allocates_nothing()
    {
        _x.SetValue(Tensor<double>.From([4, 1, 1, 2], [2, 2]));
        Warm.AllocatesNothing(() =>
        {
            using (_tape.Record())
            {
                _tape.Backward(_x.Value.Square().Log().Sum());
            }
        });
    }

    private static int Line([CallerLineNumber] int line = 0) => line;
}
