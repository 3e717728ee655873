using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam with the variance of the gradient around its mean in place of its square: s ← β₂s + (1 − β₂)(g − m)² + ε̃, θ ← θ − η · m/(1 −
/// β₁ᵗ) / (√(s/(1 − β₂ᵗ)) + ε) (Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, 2020,
/// algorithm 2).
/// </summary>
public readonly record struct AdaBelief() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the variance of the gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-16;

    /// <summary>The constant ε̃ ≥ 0 that is added to s at each step; the paper has ε̃ = ε.</summary>
    public Hyperparameter RootEpsilon { get; init; } = 1e-16;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("s", "exp_avg_var")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε"), ε2 = at.Hyper(RootEpsilon, "ε̃");
        ref L m = ref state.First;
        ref L s = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        L surprise = at.Name("Δ", g - m);
        s = at[β2] * s + at[1 - β2] * surprise * surprise + at[ε2];
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√ŝ", L.Sqrt(s) * at[1 / S.Sqrt(c2)]);
        θ -= at[η / c1] * m / (root + at[ε]);
    }
}
