using System.Numerics;
using Engine.Tests.Optimizers;

namespace Engine.Tests.Interpreters;

/// <summary>An explanation tells the numbers of the step that comes, and changes nothing.</summary>
public sealed class ExplainTests
{
    private static IEnumerable<RuleCase> Rules() => InterpretedRules.All();

    /// <summary>Catches an explanation that computes by itself: other rounding, other clipping, the state of before or of after.</summary>
    [TestCaseSource(nameof(Rules))]
    [Category("Slow")]
    public void Explained_is_executed(RuleCase rule)
    {
        rule.Accept(new Executes<float>(GradientClip.ByNorm(2), false));
        rule.Accept(new Executes<double>(GradientClip.ByNorm(2), true));
        rule.Accept(new Executes<float>(GradientClip.ByValue(1), true));
        rule.Accept(new Executes<double>(GradientClip.None, false));
    }

    private sealed class Executes<T>(GradientClip clip, bool maximize) : IRuleCaseVisitor where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Trial<T> trial = Begin(rule), unexplained = Begin(rule);
            IReadOnlyList<FormulaState> state = Formula.Of(rule).State;
            for (int t = 1; t <= 3; t++)
            {
                trial.SetGradient(t);
                unexplained.SetGradient(t);
                StepExplanation[] explanations = [.. Enumerable.Range(0, Trial<T>.Length).Select(i =>
                    trial.Optimizer.Explain(trial.Parameter, i))];
                double[] before = [.. Enumerable.Range(0, Trial<T>.Length).Select(trial.Value)];
                trial.Optimizer.Step();
                unexplained.Optimizer.Step();
                ParameterEntry<T> entry = trial.Optimizer.Groups[0].Entries[0];
                for (int i = 0; i < explanations.Length; i++)
                {
                    StepExplanation explanation = explanations[i];
                    Assert.That((explanation.Update, explanation.Index, explanation.IsUpdated), Is.EqualTo(((long)t, i, true)));
                    Bits.Same(explanation.Before, before[i], $"θ[{i}] before step {t}");
                    Bits.Same(explanation.After, trial.Value(i), $"θ[{i}] after step {t}");
                    Bits.Same(unexplained.Value(i), trial.Value(i), $"θ[{i}] of the run without explanations after step {t}");
                    for (int s = 0, kept = 0; s < state.Count; s++)
                    {
                        double expected = state[s].IsScalar ? entry.Scalars[kept++] : double.CreateTruncating(entry.State[s].Span[i]);
                        if (explanation.Lines.LastOrDefault(l => l.Target == state[s].Symbol && l.Before is not null) is { } line)
                        {
                            Bits.Same(line.Value, expected, $"{state[s].Name}[{i}] after step {t}");
                        }
                    }
                    Assert.That(explanation.ToTable(),
                        Does.Contain(explanation.Lines[^1].Formula).And.Contain($"update {t} of 'w', element {i}"));
                }
            }
        }

        private Trial<T> Begin<TRule>(TRule rule) where TRule : struct, IRule
        {
            Trial<T> trial = new() { Optimizer = new Optimizer<T> { Maximize = maximize, Clip = clip, NonFinite = NonFinite.Throw } };
            trial.Optimizer.AddGroup(rule, [trial.Parameter]);
            return trial;
        }
    }

    private static (Optimizer<double> Optimizer, Parameter<double> Parameter) One<TRule>(TRule rule, double θ, double g) where TRule
        : struct, IRule
    {
        Parameter<double> parameter = new("p", Tensor<double>.From(θ));
        parameter.SetGradient(Tensor<double>.From(g));
        return (Optimizer.For(rule, [parameter]), parameter);
    }

    private static double Found(StepExplanation explanation, string subject, int number = 0) =>
        explanation.Findings.Where(f => f.Subject == subject).ElementAt(number).Value;

    /// <summary>The first step of Adam: 1 − β₁ = 0.1 and 1 − β₂ = 0.001, so the corrections are 10 and √0.001.</summary>
    [Test]
    public void Bias_corrections_are_found()
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(new Adam { Epsilon = 0 }, 1, 0.5);
        StepExplanation explanation = optimizer.Explain(p, 0);
        double[] times = [.. explanation.Findings.Where(f => f.Subject == "bias correction").Select(f => f.Value)];
        Assert.That(times, Is.EqualTo(new[] { 10, Math.Sqrt(0.001), 10 * Math.Sqrt(0.001) }).Within(1e-9));
        Assert.That(explanation.Findings.Select(f => f.Text), Does.Contain("the bias correction 1 − β₁ᵗ = 0.1 multiplied the step by 10"));
    }

    /// <summary>Where θ moves by −η·g/|g|·|g|/(|g| + ε): ε = |g| halves the step.</summary>
    [Test]
    public void The_share_of_epsilon_is_found()
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(new Adagrad { Epsilon = 0.5 }, 1, 0.5);
        StepExplanation explanation = optimizer.Explain(p, 0);
        Assert.That(Found(explanation, "ε"), Is.EqualTo(-0.5).Within(1e-12));
        Assert.That(Found(explanation, "rate"), Is.EqualTo(0.01 / (0.5 + 0.5)).Within(1e-12));
    }

    /// <summary>−ηλθ beside −ηg: with λθ = 1 and g = 3 a quarter of the change.</summary>
    [Test]
    public void The_share_of_weight_decay_is_found()
    {
        foreach (WeightDecay decay in (WeightDecay[])[WeightDecay.L2(0.5), WeightDecay.Decoupled(0.5), WeightDecay.Independent(0.0005)])
        {
            (Optimizer<double> optimizer, Parameter<double> p) = One(new Sgd { LearningRate = 0.001, WeightDecay = decay }, 2, 3);
            Assert.That(Found(optimizer.Explain(p, 0), "weight decay"), Is.EqualTo(0.25).Within(1e-12), decay.ToString());
        }
    }

    [Test]
    public void Clipping_and_climbing_are_found()
    {
        Parameter<double> p = new("p", Tensor<double>.From(3, 4));
        p.SetGradient(Tensor<double>.From(30, 40));
        Optimizer<double> optimizer = new() { Clip = GradientClip.ByNorm(5), Maximize = true };
        optimizer.AddGroup(new Sgd(), [p]);
        StepExplanation explanation = optimizer.Explain(p, 1);
        Assert.That(Found(explanation, "clipping"), Is.EqualTo(0.1).Within(1e-8));
        Assert.That(Found(explanation, "gradient"), Is.EqualTo(-1));
        Assert.That(explanation.Hyperparameters.Single(h => h.Symbol == "κ").Value, Is.EqualTo(-0.1).Within(1e-8));
        optimizer.Clip = GradientClip.ByValue(20);
        Assert.That(Found(optimizer.Explain(p, 1), "clipping"), Is.EqualTo(20));
    }

    [Test]
    public void A_step_lost_to_rounding_is_found()
    {
        Parameter<float> p = new("p", Tensor<float>.From(1f));
        p.SetGradient(Tensor<float>.From(1e-6f));
        StepExplanation explanation = Optimizer.For(new Sgd(), [p]).Explain(p, 0);
        Assert.That(explanation.Change, Is.Zero);
        Assert.That(Found(explanation, "rounding"), Is.EqualTo(-1e-9).Within(1e-12));
    }

    [Test]
    public void A_parameter_without_gradient_is_skipped()
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(new Adam(), 1, 1);
        p.ClearGradient();
        StepExplanation explanation = optimizer.Explain(p, 0);
        Assert.That((explanation.IsUpdated, explanation.Change, explanation.Findings.Single().Subject),
            Is.EqualTo((false, 0.0, "skipped")));
    }

    [TestCase(NonFinite.Skip, false)]
    [TestCase(NonFinite.Throw, false)]
    [TestCase(NonFinite.Propagate, true)]
    public void A_gradient_that_is_not_finite_is_explained_as_the_policy_has_it(NonFinite policy, bool isUpdated)
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(new Adam(), 1, double.NaN);
        optimizer.NonFinite = policy;
        Assert.That(optimizer.Explain(p, 0).IsUpdated, Is.EqualTo(isUpdated));
        Assert.That(p.HasGradient && p.Value.Item == 1, "nothing was changed");
    }

    /// <summary>What a program reads: the table is for people.</summary>
    [Test]
    public void The_lines_are_data()
    {
        (Optimizer<double> optimizer,
            Parameter<double> p) = One(new Momentum { LearningRate = Schedule.Function(u => 0.5 / (u + 1)) }, 1, 0.5);
        optimizer.Step();
        p.SetGradient(Tensor<double>.From(0.25));
        StepExplanation explanation = optimizer.Explain(p, 0);
        Assert.That(explanation.Lines, Is.EqualTo(new ExplainedLine[]
        {
            new("b", "b ← μ·b + {1 − τ if t > 1, else 1}·g", 0.5, 0.9 * 0.5 + 0.25),
            new("θ", "θ ← θ − η·b", 0.75, 0.75 - 0.25 * (0.9 * 0.5 + 0.25)),
        }));
        Assert.That(explanation.Hyperparameters.Select(h => (h.Symbol, h.Property, h.Value)),
            Is.EqualTo(new[] { ("η", "LearningRate", 0.25), ("μ", "Coefficient", 0.9), ("τ", "Dampening", 0), ("t", "updates", 2) }));
    }

    [Test]
    public void A_rule_over_whole_tensors_is_not_explained()
    {
        Parameter<double> p = new("p", Tensor<double>.From([1, 2], [2]));
        p.SetGradient(p.Value);
        Optimizer<double> optimizer = new();
        optimizer.AddGroup(new Lars { LearningRate = 0.1 }, [p]);
        Assert.That(() => optimizer.Explain(p, 0), Throws.InvalidOperationException.With.Message.Contains("Lars"));
        Parameter<double> m = new("m", Tensor<double>.Zeros([2, 2]));
        optimizer.AddGroup(new Muon(), [m]);
        Assert.That(() => optimizer.Explain(m, 0), Throws.InvalidOperationException.With.Message.Contains("Muon"), "without a gradient");
    }

    /// <summary>Catches: a rate on the gradient as it was somewhere between the backward pass and the rule.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void The_plain_rate_is_that_on_the_gradient_shown(bool maximize)
    {
        Parameter<double> p = new("p", Tensor<double>.From(1));
        Optimizer<double> optimizer = new() { Clip = GradientClip.ByNorm(5), Maximize = maximize };
        optimizer.AddGroup(new Sgd { LearningRate = 0.5 }, [p]);
        p.SetGradient(Tensor<double>.From(50));
        StepExplanation explanation = optimizer.Explain(p, 0);
        Finding rate = explanation.Findings.Single(f => f.Subject == "rate");
        Assert.That(rate.Value, Is.EqualTo(Math.Abs(explanation.Change / explanation.Gradient)).Within(1e-12));
        Assert.That(rate.Text, Does.Contain(maximize ? "ascent" : "descent"));
        optimizer.Clip = GradientClip.ByValue(2);
        Assert.That(Found(optimizer.Explain(p, 0), "rate"), Is.EqualTo(0.5 * 2 / 50).Within(1e-12));
    }

    [Test]
    public void Wrong_questions_are_told_so()
    {
        (Optimizer<double> optimizer, Parameter<double> p) = One(new Sgd(), 1, 1);
        Assert.That(() =>
            optimizer.Explain(p, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected 0 to 0"));
        Assert.That(() =>
            optimizer.Explain(new Parameter<double>("q", Tensor<double>.From(1)), 0),
                Throws.ArgumentException.With.Message.Contains("'q'"));
        (optimizer, p) = One(new Sgd { LearningRate = Schedule.Function(u => u == 0 ? 0.1 : -1) }, 1, 1);
        optimizer.Step();
        p.SetGradient(Tensor<double>.From(1));
        Assert.That(() => optimizer.Explain(p, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("LearningRate"));
    }
}
