using System.Runtime.CompilerServices;

namespace Engine.Tests.Optimizers;

/// <summary>A step that makes a parameter infinite is found, with its element and the rule's state.</summary>
public sealed class DetectsNonFiniteTests
{
    private readonly Parameter<float> _still = new("still", Tensor<float>.From(float.PositiveInfinity));
    private readonly Parameter<float> _w = new("w", Tensor<float>.From(1, 3e38f, 2));

    /// <summary>Catches: a parameter that no step has changed, and that is blamed; the wrong element; a step not made.</summary>
    [Test]
    public void The_update_is_named_with_its_state()
    {
        Optimizer<float> optimizer = new() { DetectsNonFinite = true };
        optimizer.AddGroup(new Momentum { LearningRate = 1e38 }, [_still, _w]);
        _w.SetGradient(Tensor<float>.From(0, -3, 0));
        int line = 0;
        NonFiniteValueException? caught = Assert.Throws<NonFiniteValueException>(() =>
        {
            line = Line();
            optimizer.Step();
        });
        Assert.Multiple(() =>
        {
            Assert.That(caught!.Phase, Is.EqualTo(NonFinitePhase.Update));
            Assert.That(caught.Operation, Is.EqualTo("Momentum"));
            Assert.That(caught.Element, Is.EqualTo(1));
            Assert.That(caught.Value, Is.EqualTo(double.PositiveInfinity));
            Assert.That(caught.Message, Does.Contain("'w' after update 1").And.Contain("momentum_buffer -3 there"));
            Assert.That(caught.Site.Line, Is.EqualTo(line + 1));
            Assert.That(optimizer.Report.Steps, Is.EqualTo(1));
        });
    }

    /// <summary>Catches: a check where none was asked for.</summary>
    [Test]
    public void Without_it_the_step_goes_on()
    {
        Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 1e38 }, [_w]);
        _w.SetGradient(Tensor<float>.From(0, -3, 0));
        Assert.That(() => optimizer.Step(), Throws.Nothing);
    }

    private static int Line([CallerLineNumber] int line = 0) => line;
}
