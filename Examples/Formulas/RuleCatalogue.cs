using Engine;

namespace Examples.Formulas;

/// <summary>The rules of the document in families, in the order in which they are read best.</summary>
internal static class RuleCatalogue
{
    /// <summary>The families.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<RuleSheet> Rules)> Families =>
    [
        ("Gradient descent and momentum", [RuleSheet.Of(new Sgd()), RuleSheet.Of(new Momentum()), RuleSheet.Of(new Nesterov())]),
        ("Signs", [RuleSheet.Of(new SignSgd()), RuleSheet.Of(new Signum()), RuleSheet.Of(new Lion()), RuleSheet.Of(new Rprop())]),
        ("Scaled by past squares",
        [
            RuleSheet.Of(new Adagrad()), RuleSheet.Of(new Adadelta()), RuleSheet.Of(new RmsProp(), ("EpsilonInsideRoot", new RmsProp { EpsilonInsideRoot = true })),
            RuleSheet.Of(new RmsPropMomentum(), ("EpsilonInsideRoot", new RmsPropMomentum { EpsilonInsideRoot = true })),
            RuleSheet.Of(new CenteredRmsProp(), ("EpsilonInsideRoot", new CenteredRmsProp { EpsilonInsideRoot = true })),
        ]),
        ("Adam and its kin",
        [
            RuleSheet.Of(new Adam()), RuleSheet.Of(new AdamW()), RuleSheet.Of(new AmsGrad(), ("CorrectsBeforeMaximum", new AmsGrad { CorrectsBeforeMaximum = true })), RuleSheet.Of(new Adamax()),
            RuleSheet.Of(new NAdam()), RuleSheet.Of(new RAdam()), RuleSheet.Of(new AdaBelief()), RuleSheet.Of(new Yogi()), RuleSheet.Of(new Adan()), RuleSheet.Of(new AdEmaMix()),
            RuleSheet.Of(new Adopt()), RuleSheet.Of(new NovoGrad()),
        ]),
        ("Averages", [RuleSheet.Of(new Asgd()), RuleSheet.Of(new ScheduleFreeSgd()), RuleSheet.Of(new ScheduleFreeAdamW())]),
    ];
}
