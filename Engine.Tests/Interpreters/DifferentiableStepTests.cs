using Engine.Tests.Optimizers;

namespace Engine.Tests.Interpreters;

/// <summary>
/// Steps as operations on the tape: the same numbers as the optimizer's, and right derivatives by everything that went in.
/// </summary>
public sealed class DifferentiableStepTests
{
    private const int Steps = 7;

    private static IEnumerable<RuleCase> Rules() => InterpretedRules.Varied();

    private static Tensor<double> Curvature { get; } = Tensor<double>.From(0.9, 1.7, 0.4);

    private static Tensor<double> Target { get; } = Tensor<double>.From(0.3, 0.6, -0.8);

    private static Tensor<double> First { get; } = Tensor<double>.From(1.3, -0.7, 0.45);

    private static Tensor<double> Gradient(Tensor<double> θ) => Curvature * (θ - Target);

    private static DifferentiableState<double> Run<TRule>(DifferentiableStep<TRule, double> step, Tensor<double> θ) where TRule
        : struct, IRule
    {
        DifferentiableState<double> at = step.Start(θ);
        for (int k = 0; k < Steps; k++)
        {
            at = step.Next(at, Gradient(at.Parameter));
        }
        return at;
    }

    /// <summary>Catches a lane operation that computes something else than the scalar's.</summary>
    [TestCaseSource(nameof(Rules))]
    [Category("Slow")]
    public void Forward_is_the_optimizer(RuleCase rule) => rule.Accept(new Forward());

    private sealed class Forward : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Parameter<double> p = new("p", First);
            Optimizer<double> optimizer = Optimizer.For(rule, [p]);
            for (int k = 0; k < Steps; k++)
            {
                p.SetGradient(Gradient(p.Value));
                optimizer.Step();
            }
            DifferentiableState<double> at = Run(new DifferentiableStep<TRule, double>(rule), First);
            Assert.That(at.Updates, Is.EqualTo(Steps));
            Assert.That(at.Parameter.ToArray(), Is.EqualTo(p.Value.ToArray()).Within(1e-13));
            for (int s = 0; s < at.State.Count; s++)
            {
                Assert.That(at.State[s].Shape, Is.EqualTo(p.Shape));
                Assert.That(at.State[s].ToArray(), Is.EqualTo(optimizer.Groups[0].Entries[0].State[s].Span.ToArray()).Within(1e-13),
                    TRule.States[s].Key);
            }
        }
    }

    /// <summary>
    /// d(θ after 7 steps) by the first θ and by every hyperparameter, against central differences. Catches a missing or wrong path through
    /// state, bias corrections, decay or kept numbers. Steps through sign(…) have derivative 0 there, in the tape as in the differences;
    /// what is left, η and the decay, is tested.
    /// </summary>
    [TestCaseSource(nameof(Rules))]
    [Category("Slow")]
    public void Derivatives_are_those_of_differences(RuleCase rule) => rule.Accept(new Derivatives());

    private sealed class Derivatives : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Parameter<double> θ = new("θ", First);
            List<Parameter<double>> inputs = [θ];
            DifferentiableStep<TRule, double> step = new(rule);
            foreach (FormulaHyperparameter hyper in Formula.Of(rule).Hyperparameters)
            {
                Parameter<double> input = new(hyper.Property, Tensor<double>.Full(Shape.Scalar, hyper.Value.At(0)));
                inputs.Add(input);
                step = step.With(hyper.Property, input.Value);
            }
            GradCheckReport report = GradCheck.Run(() => Run(step, θ.Value).Parameter, inputs);
            Assert.That(report.Passed, report.ToString());
            Assert.That(report.Compared, Is.EqualTo(First.Length + inputs.Count - 1));

            Tape<double> tape = new();
            using (tape.Record())
            {
                tape.Backward(Run(step, θ.Value).Parameter.Sum());
            }
            Parameter<double> η = inputs.Single(p => p.Name == "LearningRate");
            Assert.That(η.Gradient.Item, Is.Not.Zero,
                "a derivative that is 0 everywhere would pass any comparison with a step that ignores the rate");
        }
    }

    /// <summary>Averages: the point of evaluation is on the tape too.</summary>
    [Test]
    public void The_point_of_evaluation_has_derivatives()
    {
        Parameter<double> θ = new("θ", First), β = new("β", Tensor<double>.Full(Shape.Scalar, 0.8));
        DifferentiableStep<ScheduleFreeSgd, double> step = new(new ScheduleFreeSgd { LearningRate = 0.1 });
        step = step.With(nameof(ScheduleFreeSgd.Beta), β.Value);
        GradCheckReport report = GradCheck.Run(() => step.EvaluationPoint(Run(step, θ.Value)), [θ, β]);
        Assert.That(report.Passed, report.ToString());
        Assert.That(new DifferentiableStep<Sgd, double>(new Sgd()).EvaluationPoint(step.Start(First)).ToArray(),
            Is.EqualTo(First.ToArray()), "a rule without an average is evaluated where it is");
    }

    /// <summary>On ½aθ² gradient descent is θₖ = (1 − ηa)ᵏθ₀: both derivatives in closed form.</summary>
    [Test]
    public void Gradient_descent_has_its_closed_form()
    {
        const double a = 0.8, rate = 0.3, start = 2;
        Parameter<double> θ = new("θ", Tensor<double>.From(start)), η = new("η", Tensor<double>.From(rate));
        DifferentiableStep<Sgd, double> step = new DifferentiableStep<Sgd, double>(new Sgd()).With(nameof(Sgd.LearningRate), η.Value);
        Tape<double> tape = new();
        using (tape.Record())
        {
            DifferentiableState<double> at = step.Start(θ.Value);
            for (int k = 0; k < 5; k++)
            {
                at = step.Next(at, a * at.Parameter);
            }
            tape.Backward(at.Parameter.Sum());
        }
        Assert.That(θ.Gradient.Item, Is.EqualTo(Math.Pow(1 - rate * a, 5)).Within(1e-15));
        Assert.That(η.Gradient.Item, Is.EqualTo(-5 * a * Math.Pow(1 - rate * a, 4) * start).Within(1e-14));
    }

    /// <summary>
    /// A zero gradient puts √0 and 0/0 into the derivatives of every adaptive rule: they must not come out as NaN. Catches 0·∞.
    /// </summary>
    [TestCaseSource(nameof(Rules))]
    public void An_element_without_gradient_gives_no_NaN(RuleCase rule) => rule.Accept(new ZeroGradient());

    private sealed class ZeroGradient : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Parameter<double> θ = new("θ", First), η = new("η", Tensor<double>.Full(Shape.Scalar, rule.LearningRate.At(0)));
            DifferentiableStep<TRule, double> step = new DifferentiableStep<TRule, double>(rule).With(nameof(IRule.LearningRate), η.Value);
            Tensor<double> mask = Tensor<double>.From(0, 1, 0);
            Tape<double> tape = new();
            using (tape.Record())
            {
                DifferentiableState<double> at = step.Start(θ.Value);
                for (int k = 0; k < 3; k++)
                {
                    at = step.Next(at, mask * at.Parameter);
                }
                tape.Backward(at.Parameter.Sum());
            }
            Assert.That(θ.Gradient.ToArray(), Is.All.Matches<double>(double.IsFinite));
            Assert.That(η.Gradient.Item, Is.Not.NaN);
        }
    }

    [Test]
    public void Float_works_too()
    {
        Parameter<float> θ = new("θ", Tensor<float>.From(1, -2)), β2 = new("β₂", Tensor<float>.Full(Shape.Scalar, 0.9f));
        DifferentiableStep<Adam, float> step = new(new Adam { LearningRate = 0.1 });
        step = step.With(nameof(Adam.Beta2), β2.Value);
        Tape<float> tape = new();
        using (tape.Record())
        {
            DifferentiableState<float> at = step.Next(step.Next(step.Start(θ.Value), θ.Value), Tensor<float>.From(0.25f, 0.5f));
            tape.Backward(at.Parameter.Sum());
        }
        Assert.That(β2.Gradient.Item, Is.Not.Zero.And.Not.NaN);
    }

    [Test]
    public void Wrong_arguments_are_told_so()
    {
        DifferentiableStep<Adam, double> step = new(new Adam());
        Assert.That(() =>
            step.With("Momentum", First), Throws.ArgumentException.With.Message.Contains("LearningRate, Beta1, Beta2, Epsilon"));
        Assert.That(() => step.With(nameof(Adam.Beta1), First), Throws.ArgumentException.With.Message.Contains("exactly one element"));
        Assert.That(() => step.Next(step.Start(First), Tensor<double>.From(1, 2)), Throws.ArgumentException.With.Message.Contains("[2]"));
        step = step.With(nameof(Adam.Beta1), Tensor<double>.From(1.5));
        Assert.That(() =>
            step.Next(step.Start(First), First), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Beta1"));
    }
}
