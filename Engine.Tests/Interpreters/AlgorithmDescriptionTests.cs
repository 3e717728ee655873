namespace Engine.Tests.Interpreters;

/// <summary>What rules over tensors report of themselves.</summary>
public sealed class AlgorithmDescriptionTests
{
    [Test]
    public void Hyperparameters_have_symbols_values_and_ranges()
    {
        AlgorithmDescription lars = AlgorithmDescription.Of(new Lars { TrustCoefficient = 0.02, WeightDecay = WeightDecay.L2(0.1) });
        Assert.That(lars.Name, Is.EqualTo("Lars"));
        Assert.That(lars.Hyperparameters.Select(h => (h.Range.ToText(h.Symbol), h.Property, h.Value.At(0))), Is.EqualTo(new[]
        {
            ("λ ≥ 0", "WeightDecay", 0.1), ("η ≥ 0", "LearningRate", 1), ("μ in [0, 1)", "Momentum", 0.9),
                ("τ ≥ 0", "TrustCoefficient", 0.02),
            ("λ ≥ 0", "Decay", 0),
        }));
    }

    /// <summary>Catches a shape that is not the parameter's, and a rule over the model that is described as one over tensors.</summary>
    [Test]
    public void State_depends_on_the_shape()
    {
        AlgorithmDescription adafactor = AlgorithmDescription.Of(new Adafactor());
        Assert.That(adafactor.StatesFor([4, 3]).Select(array => (array.Key, array.Shape.ToString())),
            Is.EqualTo(new[] { ("row_var", "[4, 1]"), ("col_var", "[1, 3]") }));
        Assert.That(adafactor.StatesFor([5]).Single().Key, Is.EqualTo("variance"));
        AlgorithmDescription prodigy = AlgorithmDescription.Of(new Prodigy());
        Assert.That(prodigy.Scalars.Select(scalar => scalar.Key), Is.EqualTo(new[] { "d", "d_max", "d_numerator" }));
        Assert.That(prodigy.Hyperparameters.Select(h => h.Property), Does.Contain("InitialDistance").And.Contain("Beta3"));
    }

    [Test]
    public void A_hyperparameter_outside_its_range_throws() =>
        Assert.That(() =>
            AlgorithmDescription.Of(new Muon { Momentum = 1 }),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Momentum"));
}
