using System.Globalization;

namespace Engine.Tests.Optimizers;

/// <summary>What all groups have in common, whatever the family of their rule; and what optimizers, groups and reports print.</summary>
public sealed class GroupTests
{
    private static readonly (string Name, Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> Add)[] s_families =
    [
        ("elementwise", (optimizer, p, η) => optimizer.AddGroup(new Adam { LearningRate = η }, [p])),
        ("tensor", (optimizer, p, η) => optimizer.AddGroup(new Lamb { LearningRate = η }, [p])),
        ("model", (optimizer, p, η) => optimizer.AddGroup(new Prodigy { LearningRate = η }, [p])),
    ];

    private static IEnumerable<TestCaseData> Families() =>
        s_families.Select(family => new TestCaseData(family.Add).SetArgDisplayNames(family.Name));

    /// <summary>Catches: a rate that is set and not used, a schedule that is lost, a wrong rate that replaces the right one.</summary>
    [TestCaseSource(nameof(Families))]
    public void The_learning_rate_of_any_group_can_be_set(
        Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> add)
    {
        Hyperparameter schedule = Schedule.Function(t => 0.25 / (t + 1));
        Parameter<double> changed = new("p", Tensor<double>.From(1, 2)), expected = new("p", Tensor<double>.From(1, 2));
        Optimizer<double> optimizer = new(), direct = new();
        add(optimizer, changed, 0.5);
        add(direct, expected, schedule);
        Group<double> group = optimizer.Groups[0];
        Assert.That((group.LearningRate, group.LastLearningRate), Is.EqualTo(((Hyperparameter)0.5, 0.5)));
        group.LearningRate = schedule;
        Assert.That(
            () => group.LearningRate = -1, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("LearningRate"));
        Assert.That((group.LearningRate, group.LastLearningRate), Is.EqualTo((schedule, 0.25)));
        for (int step = 0; step < 3; step++)
        {
            changed.SetGradient(changed.Value);
            expected.SetGradient(expected.Value);
            optimizer.Step();
            direct.Step();
        }
        Assert.That(changed.Value.ToArray(), Is.EqualTo(expected.Value.ToArray()).And.Not.EqualTo(new[] { 1.0, 2.0 }));
        Assert.That(group.LastLearningRate, Is.EqualTo(0.25 / 3));
    }

    /// <summary>Catches: a family whose <c>AddGroup</c> returns something else: its rule cannot be changed without a cast.</summary>
    [Test]
    public void Every_family_returns_the_same_kind_of_group()
    {
        Parameter<double>[] p = [.. Enumerable.Range(0, 3).Select(i => new Parameter<double>($"p{i}", Tensor<double>.From(1, 2)))];
        Optimizer<double> optimizer = new();
        Group<Adam, double> adam = optimizer.AddGroup(new Adam(), [p[0]]);
        Group<Lamb, double> lamb = optimizer.AddGroup(new Lamb(), [p[1]]);
        Group<Prodigy, double> prodigy = optimizer.AddGroup(new Prodigy(), [p[2]]);
        adam.Rule = adam.Rule with { Beta1 = 0.5 };
        lamb.Rule = lamb.Rule with { Beta1 = 0.5 };
        prodigy.Rule = prodigy.Rule with { Beta1 = 0.5 };
        Hyperparameter half = 0.5;
        Assert.That((adam.Rule.Beta1, lamb.Rule.Beta1, prodigy.Rule.Beta1), Is.EqualTo((half, half, half)));
        Assert.That(() => prodigy.Rule = prodigy.Rule with { Beta1 = 1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(prodigy.Rule.Beta1, Is.EqualTo(half));
    }

    /// <summary>Catches: a norm that a rule has computed and that the report does not give.</summary>
    [Test]
    public void The_report_has_the_norm_that_a_rule_needs()
    {
        Parameter<double> a = new("a", Tensor<double>.From(0)), b = new("b", Tensor<double>.From(0));
        Optimizer<double> optimizer = Optimizer.For(new NovoGrad(), [a]);
        optimizer.AddGroup(new Sgd(), [b]);
        a.SetGradient(Tensor<double>.From(3));
        b.SetGradient(Tensor<double>.From(4));
        Assert.That(optimizer.Step().GradientNorm, Is.EqualTo(5));
        b.SetGradient(Tensor<double>.From(4));
        Assert.That(Optimizer.For(new Sgd(), [b]).Step().GradientNorm, Is.NaN, "nothing needs it");
    }

    /// <summary>Catches: numbers in the culture's format, a line that is missing, a copy that the next step changes.</summary>
    [Test]
    public void Optimizers_groups_and_reports_print_themselves()
    {
        Parameter<float> w = new("w", Tensor<float>.Zeros([2, 3])), b = new("b", Tensor<float>.Zeros([3]));
        Optimizer<float> optimizer = Optimizer.WithoutBiasDecay(new AdamW { LearningRate = 1.5e-3 }, [w, b]);
        CultureInfo before = CultureInfo.CurrentCulture, german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.That(optimizer.Report.ToString(), Is.EqualTo("no step yet"));
            w.SetGradient(Tensor<float>.Full([2, 3], 0.5f));
            Assert.That(optimizer.Step().ToString(), Is.EqualTo("step 1: learning rate 0.0015, no gradient for b"));
            (optimizer.Clip, optimizer.NonFinite) = (GradientClip.ByNorm(0.5), NonFinite.Skip);
            w.SetGradient(Tensor<float>.Full([2, 3], 0.5f));
            b.SetGradient(Tensor<float>.From(1, 1, 0.5f));
            const string second = "step 2: learning rate 0.0015, gradient norm 1.93649, clipped by 0.258199";
            StepReport kept = optimizer.Step().Copy();
            Assert.That(kept.ToString(), Is.EqualTo(second));
            b.SetGradient(Tensor<float>.From(1, 1, float.NaN));
            Assert.That(
                optimizer.Step().ToString(),
                Does.StartWith("step 2: ").And.EndWith(", no gradient for w, 1 skipped for gradients that were not finite"));
            Assert.That((kept.ToString(), kept.SkippedParameters), Is.EqualTo((second, Array.Empty<string>())));
            Assert.That(
                optimizer.ToString(),
                Is.EqualTo(
                    "Optimizer after 2 steps, clipped to norm 0.5, non-finite gradients: Skip\n"
                    + "  AdamW, learning rate 0.0015: 1 parameter, 6 elements\n"
                    + "  AdamW, learning rate 0.0015: 1 parameter, 3 elements"));
            Assert.That(
                new[] { GradientClip.None, GradientClip.ByValue(0.5) }.Select(clip => clip.ToString()),
                Is.EqualTo(new[] { "not clipped", "clipped to values of 0.5" }));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
