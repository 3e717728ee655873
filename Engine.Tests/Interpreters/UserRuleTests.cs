namespace Engine.Tests.Interpreters;

/// <summary>
/// A user's own rule gets all that the built-in ones have, from its one method and without registration. What this file uses is what a
/// user has.
/// </summary>
public sealed class UserRuleTests
{
    /// <summary>Rprop's idea with a soft sign: what somebody might try on an afternoon.</summary>
    public readonly record struct SoftSign() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.1;

        public Hyperparameter Beta { get; init; } = 0.5;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("trend", "trend")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            S η = at.Hyper(LearningRate, "η"), β = at.Hyper(Beta, "β", lessThan: 1);
            state.First = at[β] * state.First + at[1 - β] * g;
            L soft = at.Name("q", state.First / (1 + L.Abs(state.First)));
            θ -= at[η] * soft;
        }
    }

    private static SoftSign Rule => new() { WeightDecay = WeightDecay.Decoupled(0.5) };

    [Test]
    public void Its_formula() =>
        Assert.That(Formula.Of(Rule).ToText(),
            Is.EqualTo("θ ← (1 − η·λ)·θ\ntrend ← β·trend + (1 − β)·g\nq = trend/(1 + |trend|)\nθ ← θ − η·q"));

    /// <summary>By hand: λ shrinks 1 to 0.95, the trend is 1.5, q = 0.6, and 0.06 is left to go.</summary>
    [Test]
    public void Its_step_in_registers_and_its_state()
    {
        Parameter<float> p = new("p", Tensor<float>.Full([33], 1));
        Optimizer<float> optimizer = Optimizer.For(Rule, [p]);
        p.SetGradient(Tensor<float>.Full([33], 3));
        optimizer.Step();
        Assert.That(p.Value.ToArray(), Is.All.EqualTo(0.89f).Within(1e-7f));
        Assert.That(optimizer.Groups[0].Entries[0].State[0].Span.ToArray(), Is.All.EqualTo(1.5f));
    }

    [Test]
    public void Its_explanation()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1));
        p.SetGradient(Tensor<double>.From(3));
        StepExplanation explanation = Optimizer.For(Rule, [p]).Explain(p, 0);
        string change = explanation.Change.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(explanation.ToTable(), Is.EqualTo($"""
            SoftSign, update 1 of 'p', element 0: θ 1 → 0.8899999999999999, Δθ = {change}

              η  LearningRate  0.1
              λ  WeightDecay   0.5
              β  Beta          0.5

                                           before  value
              θ ← (1 − η·λ)·θ              1       0.95
              trend ← β·trend + (1 − β)·g  0       1.5
              q = trend/(1 + |trend|)              0.6
              θ ← θ − η·q                  0.95    0.8899999999999999

              • weight decay made 45.5 % of the change
              • the step is that of plain descent with a rate of 0.02

            """));
    }

    [Test]
    public void Its_derivative()
    {
        Parameter<double> θ = new("θ", Tensor<double>.From(1, -2)), β = new("β", Tensor<double>.From(0.5)),
            λ = new("λ", Tensor<double>.From(0.5));
        DifferentiableStep<SoftSign, double> step = new(Rule);
        step = step.With(nameof(SoftSign.Beta), β.Value).With(nameof(SoftSign.WeightDecay), λ.Value);
        GradCheckReport report = GradCheck.Run(() =>
            step.Next(step.Next(step.Start(θ.Value), 3 * θ.Value), 2 * θ.Value).Parameter, [θ, β, λ]);
        Assert.That(report.Passed, report.ToString());
    }
}
