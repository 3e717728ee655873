using static Engine.RuleCatalogEntry;

namespace Engine;

/// <summary>Every built-in rule with its default hyperparameters, in families.</summary>
/// <remarks>
/// Tests, benches and docs/optimizers.md take their rules from here. A new rule is four changes: its own file, one row here, one row in
/// the test table (RuleTable for elementwise rules, TensorLaws for others) with a line in Differences.cs, and the page written again.
/// </remarks>
public static class RuleCatalog
{
    /// <summary>The families of elementwise rules.</summary>
    public static IReadOnlyList<RuleFamily> Elementwise { get; } =
    [
        new("Gradient descent and momentum", [Elementwise(new Sgd()), Elementwise(new Momentum()), Elementwise(new Nesterov())]),
        new("Signs", [Elementwise(new SignSgd()), Elementwise(new Signum()), Elementwise(new Lion()), Elementwise(new Rprop())]),
        new("Scaled by past squares",
        [
            Elementwise(new Adagrad()), Elementwise(new Adadelta()),
            Elementwise(new RmsProp()), Elementwise(new RmsPropMomentum()), Elementwise(new CenteredRmsProp()),
        ]),
        new("Adam and its variants",
        [
            Elementwise(new Adam()), Elementwise(new AdamW()), Elementwise(new AmsGrad()), Elementwise(new Adamax()),
            Elementwise(new NAdam()), Elementwise(new RAdam()), Elementwise(new AdaBelief()), Elementwise(new Yogi()),
            Elementwise(new Adan()), Elementwise(new AdEmaMix()), Elementwise(new Adopt()), Elementwise(new NovoGrad()),
        ]),
        new("Averages", [Elementwise(new Asgd()), Elementwise(new ScheduleFreeSgd()), Elementwise(new ScheduleFreeAdamW())]),
    ];

    /// <summary>The families of rules that need whole tensors or the whole model.</summary>
    public static IReadOnlyList<RuleFamily> WholeTensor { get; } =
    [
        new("Trust ratios", [Tensor(new Lars()), Tensor(new Lamb())]),
        new("Less memory", [Tensor(new Adafactor()), Tensor(new Sm3())]),
        new("Matrices", [Tensor(new Muon()), Tensor(new Shampoo()), Tensor(new Soap())]),
        new("Curvature", [Tensor(new SophiaG())]),
        new("Without a learning rate", [Model(new Prodigy())]),
    ];

    /// <summary>All families.</summary>
    public static IReadOnlyList<RuleFamily> Families { get; } = [.. Elementwise, .. WholeTensor];

    /// <summary>All rules.</summary>
    public static IReadOnlyList<RuleCatalogEntry> Rules { get; } = [.. Families.SelectMany(family => family.Rules)];
}
