using System.Numerics;
using Engine.Tests.Optimizers;

namespace Engine.Tests.Interpreters;

/// <summary>The printed formula of a rule is its code: letter by letter for some, by its numbers for all.</summary>
public sealed class FormulaTests
{
    private static IEnumerable<RuleCase> Rules() => InterpretedRules.All();

    [Test]
    public void Adam() => Assert.That(Formula.Of(new Adam()).ToText(), Is.EqualTo("""
        m ← β₁·m + (1 − β₁)·g
        v ← β₂·v + (1 − β₂)·g²
        c₁ = 1 − β₁ᵗ
        c₂ = 1 − β₂ᵗ
        √v̂ = √v/√c₂
        θ ← θ − η/c₁·m/(√v̂ + ε)
        """));

    [Test]
    public void Adam_as_latex() => Assert.That(Formula.Of(new Adam()).ToLatex(), Is.EqualTo("""
        \begin{aligned}
        m &\leftarrow \beta_{1} \, m + \left(1 - \beta_{1}\right) \, g \\
        v &\leftarrow \beta_{2} \, v + \left(1 - \beta_{2}\right) \, g^{2} \\
        c_{1} &= 1 - \beta_{1}^{t} \\
        c_{2} &= 1 - \beta_{2}^{t} \\
        \sqrt{\hat{v}} &= \frac{\sqrt{v}}{\sqrt{c_{2}}} \\
        \theta &\leftarrow \theta - \frac{\eta}{c_{1}} \cdot \frac{m}{\sqrt{\hat{v}} + \varepsilon} \\
        \end{aligned}
        """));

    [Test]
    public void AdamW_decays_first() => Assert.That(Formula.Of(new AdamW()).ToText(), Does.StartWith("θ ← (1 − η·λ)·θ\nm ← "));

    [Test]
    public void L2_goes_into_the_gradient() =>
        Assert.That(Formula.Of(new Sgd { WeightDecay = WeightDecay.L2(0.1) }).ToText(), Is.EqualTo("g ← g + λ·θ\nθ ← θ − η·g"));

    [Test]
    public void Independent_decay_has_no_rate() =>
        Assert.That(Formula.Of(new Sgd { WeightDecay = WeightDecay.Independent(0.1) }).ToText(), Is.EqualTo("θ ← (1 − λ)·θ\nθ ← θ − η·g"));

    [Test]
    public void Momentum() =>
        Assert.That(Formula.Of(new Momentum()).ToText(), Is.EqualTo("b ← μ·b + {1 − τ if t > 1, else 1}·g\nθ ← θ − η·b"));

    /// <summary>Lion moves by the old momentum: its θ comes first, and a formula sorted otherwise would say something else.</summary>
    [Test]
    public void Lion_moves_before_it_remembers() =>
        Assert.That(Formula.Of(new Lion()).ToText(), Is.EqualTo("θ ← θ − η·sign(β₁·m + (1 − β₁)·g)\nm ← β₂·m + (1 − β₂)·g"));

    [Test]
    public void A_kept_number_is_assigned_under_its_letter() =>
        Assert.That(Formula.Of(new NAdam()).Lines.Select(l => l.ToText()), Does.Contain("Πμ ← Πμ·μₜ"));

    [Test]
    public void A_new_value_beside_the_old_one_gets_a_prime() => Assert.That(Formula.Of(new TestRules.OldAndNew()).ToText(), Is.EqualTo("""
        b′ = 0.9·b − η·g
        θ′ = θ + 1.9·b′ − 0.9·b
        older ← θ
        b ← b′
        θ ← θ′
        """));

    [Test]
    public void Two_different_decays_have_two_letters()
    {
        Formula formula = Formula.Of(new NovoGrad { Decay = 0.1, WeightDecay = WeightDecay.L2(0.2) });
        Assert.That(formula.Hyperparameters.Where(h => h.Symbol.StartsWith('λ')).Select(h => (h.Symbol, h.Property, h.Value.At(0))),
            Is.EqualTo(new[] { ("λ", "WeightDecay", 0.2), ("λ′", "Decay", 0.1) }));
    }

    /// <summary>Catches: a hyperparameter that is printed under one letter and read under another.</summary>
    [Test]
    public void A_hyperparameter_has_one_letter() => Assert.That(
        () => Formula.Of(new TestRules.TwoLetters()),
        Throws.ArgumentException.With.Message.Contains("TwoLetters: got the symbols 'η' and 'γ' for LearningRate, expected one"));

    /// <summary>Catches: an initial value of v that the other state has too.</summary>
    [Test]
    public void Only_v_starts_at_its_initial_scale()
    {
        Assert.That(Initial(new RmsPropMomentum { InitialScale = 0.5 }), Is.EqualTo((double[])[0.5, 0]));
        Assert.That(Initial(new CenteredRmsProp { InitialScale = 0.5 }), Is.EqualTo((double[])[0.5, 0, 0]));

        static double[] Initial<TRule>(TRule rule) where TRule : struct, IRule =>
            [.. Formula.Of(rule).State.Select(static state => state.Initial.Value)];
    }

    [Test]
    public void Averages_say_where_to_evaluate() =>
        Assert.That(Formula.Of(new ScheduleFreeSgd()).Evaluated!.ToText(), Is.EqualTo("x = θ + (1 − 1/β)·(z − θ)"));

    [Test]
    public void Bytes_are_those_of_the_arrays() => Assert.Multiple(() =>
    {
        Assert.That(Formula.Of(new Sgd()).BytesPerElement(), Is.EqualTo(12), "θ twice, g");
        Assert.That(Formula.Of(new Adam()).BytesPerElement(), Is.EqualTo(28));
        Assert.That(Formula.Of(new Adam()).BytesPerElement(sizeof(double)), Is.EqualTo(56));
        Assert.That(Formula.Of(new NovoGrad()).BytesPerElement(), Is.EqualTo(24),
            "its v is one number for the parameter, but g is read for its norm");
    });

    [TestCaseSource(nameof(Rules))]
    public void Every_rule_prints_and_always_the_same(RuleCase rule) => rule.Accept(new PrintsAlike());

    private sealed class PrintsAlike : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Formula first = Formula.Of(rule), second = Formula.Of(rule);
            Assert.That(first.ToText(), Does.Contain("θ ← "));
            Assert.That(second.ToText(), Is.EqualTo(first.ToText()));
            Assert.That(second.ToLatex(), Is.EqualTo(first.ToLatex()));
            Assert.That(first.ToLatex().Count(c => c == '{'), Is.EqualTo(first.ToLatex().Count(c => c == '}')));
            Assert.That(first.ToLatex().Replace(@"\,", "", StringComparison.Ordinal).All(c => c < 128), first.ToLatex(),
                "no letter without its LaTeX name");
        }
    }

    /// <summary>Catches a hyperparameter that a rule declares and never uses, or whose letter the formula loses.</summary>
    [TestCaseSource(nameof(Rules))]
    public void Every_hyperparameter_appears(RuleCase rule) => rule.Accept(new Appears());

    private sealed class Appears : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Formula formula = Formula.Of(rule);
            foreach (FormulaHyperparameter hyper in formula.Hyperparameters)
            {
                Assert.That(formula.Lines.Any(l => l.Value.Parts().Any(p => p.Kind == SymbolKind.Variable && p.Name == hyper.Symbol)),
                    hyper.Symbol);
            }
            foreach (
                System.Reflection.PropertyInfo property in typeof(TRule).GetProperties().Where(p =>
                    p.PropertyType == typeof(Hyperparameter)))
            {
                object changed = rule;
                property.SetValue(changed, (Hyperparameter)0.7654321);
                Formula other = Formula.Of((TRule)changed);
                bool isUsed = other.Hyperparameters.Any(h => h.Property == property.Name && h.Value.At(0) == 0.7654321),
                    isInitial = other.State.Any(s => s.Initial.Value == 0.7654321);
                Assert.That(isUsed || isInitial, property.Name);
            }
        }
    }

    /// <summary>
    /// The proof that the print is the code: the formula's lines, carried out one after the other on numbers, give the bits of the step.
    /// Catches a wrong order of lines, old for new values, and anything printed that is not computed.
    /// </summary>
    [TestCaseSource(nameof(Rules))]
    [Category("Slow")]
    public void The_formula_computes_what_the_step_computes(RuleCase rule)
    {
        rule.Accept(new Computes<float>());
        rule.Accept(new Computes<double>());
    }

    private sealed class Computes<T> : IRuleCaseVisitor where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            Formula formula = Formula.Of(rule);
            Trial<T> trial = new();
            trial.Optimizer.AddGroup(rule, [trial.Parameter]);
            ParameterEntry<T> entry = trial.Optimizer.Groups[0].Entries[0];
            Dictionary<string, double>[] elements =
                [.. Enumerable.Range(0, Trial<T>.Length).Select(_ => new Dictionary<string, double>())];
            for (int t = 1; t <= 3; t++)
            {
                trial.SetGradient(t);
                double norm = Math.Sqrt(Engine.Kernels.Reduction.SumOfSquares(trial.Parameter.Gradient.Span));
                for (int i = 0; i < elements.Length; i++)
                {
                    Dictionary<string, double> values = elements[i];
                    if (t == 1)
                    {
                        values["θ"] = trial.Value(i);
                        foreach (FormulaState state in formula.State)
                        {
                            values[state.Symbol] = state.Initial.IsParameter ? trial.Value(i) : state.IsScalar ? state.Initial.Value
                                : double.CreateTruncating(T.CreateTruncating(state.Initial.Value));
                        }
                    }
                    (values["g"], values["t"], values["‖g‖"]) = (double.CreateTruncating(trial.Parameter.Gradient.Span[i]), t, norm);
                    foreach (FormulaHyperparameter hyper in formula.Hyperparameters)
                    {
                        values[hyper.Symbol] = hyper.Value.At(t - 1);
                    }
                    foreach (FormulaLine line in formula.Lines)
                    {
                        values[line.Target] = line.IsScalar ? line.Value.Evaluate<double>(values)
                            : double.CreateTruncating(line.Value.Evaluate<T>(values));
                    }
                }
                trial.Optimizer.Step();
                for (int i = 0; i < elements.Length; i++)
                {
                    Bits.Same(elements[i]["θ"], trial.Value(i), $"θ[{i}] after step {t}");
                    for (int s = 0, kept = 0; s < formula.State.Count; s++)
                    {
                        FormulaState state = formula.State[s];
                        Bits.Same(elements[i][state.Symbol], state.IsScalar ? entry.Scalars[kept++]
                            : double.CreateTruncating(entry.State[s].Span[i]), $"{state.Symbol}[{i}] after step {t}");
                    }
                }
            }
        }
    }
}
