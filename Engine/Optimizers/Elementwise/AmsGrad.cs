using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam with the largest v so far in place of v, so that step sizes never grow again: v̄ ← max(v̄, v), θ ← θ − η · m/(1 − β₁ᵗ) / (√(v̄/(1
/// − β₂ᵗ)) + ε) (Reddi, Kale &amp; Kumar, On the Convergence of Adam and Beyond, 2018, algorithm 2, with Adam's bias corrections as in
/// PyTorch's <c>Adam(amsgrad=True)</c>). The paper has no bias correction; optax takes the maximum of the corrected v
/// (<see cref="CorrectsBeforeMaximum"/>).
/// </summary>
public readonly record struct AmsGrad() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq"), ("v̄", "max_exp_avg_sq")];

    /// <summary>Whether v is bias-corrected before the maximum is taken, as in optax, instead of after it.</summary>
    public bool CorrectsBeforeMaximum { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;
        ref L vMax = ref state.Third;

        m = at[β1] * m + at[1 - β1] * g;
        v = at[β2] * v + at[1 - β2] * g * g;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        vMax = L.Max(vMax, v * at[CorrectsBeforeMaximum ? 1 / c2 : 1]);
        L root = at.Name("√v̂", L.Sqrt(vMax) * at[CorrectsBeforeMaximum ? 1 : 1 / S.Sqrt(c2)]);
        θ -= at[η / c1] * m / (root + at[ε]);
    }
}
