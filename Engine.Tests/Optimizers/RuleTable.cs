using System.Diagnostics.CodeAnalysis;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Engine.Tests.Optimizers;

/// <summary>A rule under all laws; a new rule is one row.</summary>
/// <param name="Rule">The rule with hyperparameters that differ from each other, so that an exchanged pair shows.</param>
public sealed record RuleRow(RuleCase Rule)
{
    /// <summary>How far t steps on the constant gradient g move a single element down, from the rule's formula by hand.</summary>
    public Func<int, double, double>? ConstantGradient { get; init; }

    /// <summary>
    /// The same for a gradient that is g at the first step and 0 afterwards: where a constant gradient is blind (it cannot tell β₁ from
    /// β₂), this is not.
    /// </summary>
    public Func<int, double, double>? Impulse { get; init; }

    /// <summary>The rule with ε = 0, if it then is blind to the gradient's scale.</summary>
    public RuleCase? ScaleFree { get; init; }

    /// <summary>Whether a first step on a zero gradient leaves the parameter alone.</summary>
    public bool RestsOnZero { get; init; } = true;

    /// <summary>
    /// Whether the change by the rule does not depend on the parameter's value, so that decoupled decay is simply added.
    /// </summary>
    public bool BlindToValue { get; init; } = true;

    /// <summary>
    /// The rule with hyperparameters that all make a difference within a few steps, for the tests of formulas, explanations and
    /// derivatives; null where another row of the rule has them.
    /// </summary>
    public RuleCase? ForInterpreters { get; init; }

    public override string ToString() => Rule.Name;
}

/// <summary>The table of all elementwise rules; the rules with their defaults come from <see cref="RuleCatalog"/>.</summary>
internal static class RuleTable
{
    private const double η = 0.01, ε = 1e-3, β1 = 0.8, β2 = 0.95, μ = 0.7;

    public static IReadOnlyList<RuleRow> Rows { get; } =
    [
        new(RuleCase.Of(new Sgd { LearningRate = η }))
        {
            ConstantGradient = (t, g) => η * g * t,
            ForInterpreters = RuleCase.Of(new Sgd { LearningRate = 0.1, WeightDecay = WeightDecay.Independent(0.05) }),
        },
        new(RuleCase.Of(new Momentum { LearningRate = η, Coefficient = μ, Dampening = 0.2 }))
        {
            ConstantGradient = (t, g) => η * g * Sum(t, k => Math.Pow(μ, k - 1) + (0.8 * (1 - Math.Pow(μ, k - 1)) / (1 - μ))),
            ForInterpreters = RuleCase.Of(new Momentum { LearningRate = 0.1, Coefficient = 0.7, Dampening = 0.3 }),
        },
        new(RuleCase.Of(new Nesterov { LearningRate = η, Momentum = μ }))
        {
            ConstantGradient = (t, g) => η * g * Sum(t, k => 1 + (μ * (1 - Math.Pow(μ, k)) / (1 - μ))),
            ForInterpreters = RuleCase.Of(new Nesterov { LearningRate = 0.1, Momentum = 0.7, WeightDecay = WeightDecay.L2(0.1) }),
        },
        new(RuleCase.Of(new Adam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε }))
        {
            ConstantGradient = AdamLike,
            Impulse = AdamAfterImpulse,
            ScaleFree = RuleCase.Of(new Adam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(
                new Adam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, WeightDecay = WeightDecay.L2(0.1) }),
        },
        new(RuleCase.Of(new AdamW { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = WeightDecay.None }))
        {
            ConstantGradient = AdamLike,
            Impulse = AdamAfterImpulse,
            ScaleFree = RuleCase.Of(new AdamW { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(
                new AdamW { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, WeightDecay = WeightDecay.Decoupled(0.2) }),
        },
        new(RuleCase.Of(new AmsGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε }))
        {
            ConstantGradient = AdamLike,
            ScaleFree = RuleCase.Of(new AmsGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new AmsGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new AmsGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, CorrectsBeforeMaximum = true },
            "AmsGrad corrected before"))
        {
            ConstantGradient = AdamLike,
            ForInterpreters = RuleCase.Of(
                new AmsGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, CorrectsBeforeMaximum = true },
                    "AmsGrad variant"),
        },
        new(RuleCase.Of(new Adamax { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε }))
        {
            ConstantGradient = AdamLike,
            ScaleFree = RuleCase.Of(new Adamax { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new Adamax { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new NAdam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, MomentumDecay = 0.01 }))
        {
            ConstantGradient = NAdamMoves,
            ScaleFree = RuleCase.Of(new NAdam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new NAdam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, MomentumDecay = 0.5 }),
        },
        new(RuleCase.Of(new RAdam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε }))
        {
            ConstantGradient = RAdamMoves,
            ForInterpreters = RuleCase.Of(new RAdam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.98, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new Adagrad { LearningRate = η, Epsilon = ε, LearningRateDecay = 0.3, InitialAccumulator = 0.5 }))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / (1 + (0.3 * (k - 1))) / (Math.Sqrt(0.5 + (k * g * g)) + ε)),
            ForInterpreters = RuleCase.Of(
                new Adagrad { LearningRate = 0.3, LearningRateDecay = 0.2, Epsilon = 0.05, InitialAccumulator = 0.1 }),
        },
        new(RuleCase.Of(new Adagrad { LearningRate = η, Epsilon = ε }, "Adagrad from 0"))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / ((Math.Sqrt(k) * Math.Abs(g)) + ε)),
            ScaleFree = RuleCase.Of(new Adagrad { LearningRate = η, Epsilon = 0 }),
        },
        new(RuleCase.Of(new Adadelta { LearningRate = 0.5, Rho = 0.9, Epsilon = ε }))
        {
            ConstantGradient = AdadeltaMoves,
            ForInterpreters = RuleCase.Of(new Adadelta { LearningRate = 0.7, Rho = 0.8, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new RmsProp { LearningRate = η, Alpha = 0.9, Epsilon = ε }))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / ((Math.Sqrt(1 - Math.Pow(0.9, k)) * Math.Abs(g)) + ε)),
            ScaleFree = RuleCase.Of(new RmsProp { LearningRate = η, Alpha = 0.9, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new RmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = 0.05, InitialScale = 0.2 }),
        },
        new(RuleCase.Of(new RmsProp { LearningRate = η, Alpha = 0.9, Epsilon = ε, EpsilonInsideRoot = true, InitialScale = 0.5 },
            "RmsProp as optax"))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / Math.Sqrt((0.5 * Math.Pow(0.9, k)) + ((1 - Math.Pow(0.9, k)) * g * g) + ε)),
            ForInterpreters = RuleCase.Of(new RmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = 0.05, EpsilonInsideRoot = true },
                "RmsProp variant"),
        },
        new(RuleCase.Of(new RmsPropMomentum { LearningRate = η, Alpha = 0.9, Epsilon = ε, Momentum = μ }))
        {
            ConstantGradient = (t, g) =>
                η * Sum(t, k => Sum(k, i => Math.Pow(μ, k - i) * g / ((Math.Sqrt(1 - Math.Pow(0.9, i)) * Math.Abs(g)) + ε))),
            ScaleFree = RuleCase.Of(new RmsPropMomentum { LearningRate = η, Alpha = 0.9, Epsilon = 0, Momentum = μ }),
            ForInterpreters = RuleCase.Of(new RmsPropMomentum { LearningRate = 0.1, Alpha = 0.7, Epsilon = 0.05, Momentum = 0.5 }),
        },
        new(RuleCase.Of(new CenteredRmsProp { LearningRate = η, Alpha = 0.9, Epsilon = ε, Momentum = μ }))
        {
            ConstantGradient = (t, g) =>
                η * Sum(t, k =>
                    Sum(k, i => Math.Pow(μ, k - i) * g / ((Math.Sqrt((1 - Math.Pow(0.9, i)) * Math.Pow(0.9, i)) * Math.Abs(g)) + ε))),
            ForInterpreters = RuleCase.Of(
                new CenteredRmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = 0.05, Momentum = 0.5, InitialScale = 0.2 }),
        },
        new(RuleCase.Of(new CenteredRmsProp { LearningRate = η, Alpha = 0.9, Epsilon = ε, EpsilonInsideRoot = true },
            "CenteredRmsProp as optax"))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / Math.Sqrt(((1 - Math.Pow(0.9, k)) * Math.Pow(0.9, k) * g * g) + ε)),
            ForInterpreters = RuleCase.Of(
                new CenteredRmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = 0.05, Momentum = 0.5, EpsilonInsideRoot = true },
                "CenteredRmsProp variant"),
        },
        new(RuleCase.Of(new Rprop { LearningRate = η, EtaPlus = 1.3, MaxStepSize = 0.02, MinStepSize = 1e-4 }))
        {
            ConstantGradient = (t, g) => Math.Sign(g) * Sum(t, k => Math.Min(0.02, η * Math.Pow(1.3, k - 1))),
            ScaleFree = RuleCase.Of(new Rprop { LearningRate = η }),
            ForInterpreters = RuleCase.Of(
                new Rprop { LearningRate = 0.2, EtaMinus = 0.4, EtaPlus = 1.3, MinStepSize = 0.001, MaxStepSize = 0.5 }),
        },
        new(RuleCase.Of(new Asgd { LearningRate = η, Lambda = 0, AveragingStart = 3 }))
        {
            ConstantGradient = (t, g) => η * g * t,
            ForInterpreters = RuleCase.Of(new Asgd { LearningRate = 0.1, Lambda = 0.2, Power = 0.6, AveragingStart = 2.5 }),
        },
        new(RuleCase.Of(new Asgd { LearningRate = η, Lambda = 0.1, AveragingStart = 3 }, "Asgd with λ"))
        {
            BlindToValue = false,
        },
        new(RuleCase.Of(new Lion { LearningRate = η, Beta1 = β1, Beta2 = β2 }))
        {
            ConstantGradient = SignLike,
            ScaleFree = RuleCase.Of(new Lion { LearningRate = η, Beta1 = β1, Beta2 = β2 }),
            ForInterpreters = RuleCase.Of(
                new Lion { LearningRate = 0.05, Beta1 = 0.8, Beta2 = 0.7, WeightDecay = WeightDecay.Independent(0.1) }),
        },
        new(RuleCase.Of(new AdaBelief { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, RootEpsilon = 1e-4 }))
        {
            ConstantGradient = AdaBeliefMoves,
            ScaleFree = RuleCase.Of(new AdaBelief { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0, RootEpsilon = 0 }),
            ForInterpreters = RuleCase.Of(
                new AdaBelief { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, RootEpsilon = 0.02 }),
        },
        new(RuleCase.Of(new Yogi { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, InitialAccumulator = 0 }))
        {
            ConstantGradient = (t, g) =>
                η * Sum(t, k => g / ((Math.Sqrt(Math.Min(k, 20) * (1 - β2) / (1 - Math.Pow(β2, k))) * Math.Abs(g)) + ε)),
            ForInterpreters = RuleCase.Of(
                new Yogi { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, InitialAccumulator = 0.1 }),
        },
        new(RuleCase.Of(new Adan { LearningRate = η, Beta1 = β1, Beta2 = 0.6, Beta3 = β2, Epsilon = ε }))
        {
            ConstantGradient = AdamLike,
            ScaleFree = RuleCase.Of(new Adan { LearningRate = η, Beta1 = β1, Beta2 = 0.6, Beta3 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new Adan { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Beta3 = 0.6, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new Adopt { LearningRate = η, Beta1 = β1, Beta2 = β2 }))
        {
            ConstantGradient = (t, g) => η * Math.Sign(g) * Sum(t, k => 1 - Math.Pow(β1, k - 1)),
            ScaleFree = RuleCase.Of(new Adopt { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(new Adopt { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new AdEmaMix { LearningRate = η, Beta1 = β1, Beta2 = β2, Beta3 = 0.99, Alpha = 3, Epsilon = ε }))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => (g + (3 * (1 - Math.Pow(0.99, k)) * g)) / (Math.Abs(g) + ε)),
            ScaleFree = RuleCase.Of(new AdEmaMix { LearningRate = η, Beta1 = β1, Beta2 = β2, Beta3 = 0.99, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(
                new AdEmaMix { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Beta3 = 0.95, Alpha = 2, Epsilon = 0.05 }),
        },
        new(RuleCase.Of(new SignSgd { LearningRate = η }))
        {
            ConstantGradient = SignLike,
            ScaleFree = RuleCase.Of(new SignSgd { LearningRate = η }),
            ForInterpreters = RuleCase.Of(new SignSgd { LearningRate = 0.05 }),
        },
        new(RuleCase.Of(new Signum { LearningRate = η, Beta = μ }))
        {
            ConstantGradient = SignLike,
            ScaleFree = RuleCase.Of(new Signum { LearningRate = η, Beta = μ }),
            ForInterpreters = RuleCase.Of(new Signum { LearningRate = 0.05, Beta = 0.7 }),
        },
        new(RuleCase.Of(new NovoGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε }))
        {
            ConstantGradient = (t, g) => η * Sum(t, k => g / (Math.Abs(g) + ε) * (1 - Math.Pow(β1, k)) / (1 - β1)),
            ScaleFree = RuleCase.Of(new NovoGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = 0 }),
            ForInterpreters = RuleCase.Of(
                new NovoGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, Decay = 0.1,
                    WeightDecay = WeightDecay.Decoupled(0.2) }),
        },
        new(RuleCase.Of(new ScheduleFreeSgd { LearningRate = η, Beta = β1 }))
        {
            ConstantGradient = (t, g) => η * g * (((1 - β1) * t) + (β1 * (t + 1) / 2.0)),
            BlindToValue = false,
            ForInterpreters = RuleCase.Of(
                new ScheduleFreeSgd { LearningRate = 0.1, Beta = 0.8, WarmupSteps = 4.5, Power = 0.5, LearningRatePower = 1.5 }),
        },
        new(RuleCase.Of(new ScheduleFreeAdamW { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WarmupSteps = 4, Power = 1 }))
        {
            ConstantGradient = ScheduleFreeMoves,
            BlindToValue = false,
            ForInterpreters = RuleCase.Of(
                new ScheduleFreeAdamW { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = 0.05, Decay = 0.1, WarmupSteps = 4.5,
                    Power = 0.5, LearningRatePower = 1.5 }),
        },
    ];

    /// <summary>Every rule with its defaults, and with hyperparameters that all make a difference within a few steps.</summary>
    public static IEnumerable<RuleCase> ForInterpreters() => [.. Defaults(), .. Varied()];

    /// <summary>Every rule with its defaults.</summary>
    public static IEnumerable<RuleCase> Defaults() =>
        RuleCatalog.Elementwise.SelectMany(family => family.Rules).Select(entry => entry.Accept(new ToCase())!);

    /// <summary>Every rule with hyperparameters that all make a difference within a few steps.</summary>
    public static IEnumerable<RuleCase> Varied() => Rows.Select(row => row.ForInterpreters).OfType<RuleCase>();

    private sealed class ToCase : IRuleVisitor<RuleCase?>
    {
        public RuleCase? VisitElementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IRule =>
            RuleCase.Of(rule, $"{typeof(TRule).Name} by default");

        public RuleCase? VisitTensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct, ITensorRule => null;

        public RuleCase? VisitModel<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct, IModelRule => null;
    }

    public static double Sum(int t, Func<int, double> term) => Enumerable.Range(1, t).Sum(term);

    private static double AdamLike(int t, double g) => η * t * g / (Math.Abs(g) + ε);

    private static double AdamAfterImpulse(int t, double g) => η * Sum(t, k =>
    {
        double m = (1 - β1) * Math.Pow(β1, k - 1) * g, v = (1 - β2) * Math.Pow(β2, k - 1) * g * g;
        return m / (1 - Math.Pow(β1, k)) / (Math.Sqrt(v / (1 - Math.Pow(β2, k))) + ε);
    });

    private static double SignLike(int t, double g) => η * t * Math.Sign(g);

    private static double NAdamMoves(int t, double g)
    {
        double sum = 0, product = 1;
        for (int k = 1; k <= t; k++)
        {
            double m = Momentum(k), next = Momentum(k + 1);
            product *= m;
            sum += (((1 - m) / (1 - product)) + (next * (1 - Math.Pow(β1, k)) / (1 - (product * next)))) * g / (Math.Abs(g) + ε);
        }
        return η * sum;

        static double Momentum(int k) => β1 * (1 - (0.5 * Math.Pow(0.96, k * 0.01)));
    }

    private static double RAdamMoves(int t, double g) => η * Sum(t, k =>
    {
        double largest = (2 / (1 - β2)) - 1, length = largest - (2 * k * Math.Pow(β2, k) / (1 - Math.Pow(β2, k)));
        if (length <= 5)
        {
            return g;
        }
        double r = Math.Sqrt((length - 4) * (length - 2) * largest / ((largest - 4) * (largest - 2) * length)),
            root = Math.Sqrt(1 - Math.Pow(β2, k));
        return g * r * root / ((root * Math.Abs(g)) + ε);
    });

    private static double AdadeltaMoves(int t, double g)
    {
        double moved = 0, a = 0;
        for (int k = 1; k <= t; k++)
        {
            double step = Math.Sqrt(a + ε) / Math.Sqrt(((1 - Math.Pow(0.9, k)) * g * g) + ε) * g;
            a = (0.9 * a) + (0.1 * step * step);
            moved += 0.5 * step;
        }
        return moved;
    }

    private static double AdaBeliefMoves(int t, double g) => η * Sum(t, k =>
    {
        double s = Sum(k, i => Math.Pow(β2, k - i) * (((1 - β2) * Math.Pow(β1, 2 * i) * g * g) + 1e-4));
        return g / (Math.Sqrt(s / (1 - Math.Pow(β2, k))) + ε);
    });

    private static double ScheduleFreeMoves(int t, double g)
    {
        double z = 0, x = 0, weights = 0, largest = 0;
        for (int k = 1; k <= t; k++)
        {
            double rate = η * Math.Min(1, k / 4.0), weight;
            largest = Math.Max(largest, rate);
            weights += weight = k * largest * largest;
            z += rate * g / (Math.Abs(g) + ε);
            x += weight / weights * (z - x);
        }
        return ((1 - β1) * z) + (β1 * x);
    }
}
