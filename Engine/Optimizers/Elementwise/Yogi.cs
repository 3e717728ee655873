using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam whose second moment changes by no more than (1 − β₂)g² in a step: v ← v − (1 − β₂)·sign(v − g²)·g², θ ← θ − η · m/(1 − β₁ᵗ) /
/// (√(v/(1 − β₂ᵗ)) + ε) (Zaheer et al., Adaptive Methods for Nonconvex Optimization, 2018, algorithm 2). m and v start at
/// <see cref="InitialAccumulator"/>, as in optax and the authors' code.
/// </summary>
public readonly record struct Yogi() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 0.001;

    /// <summary>The value v₀ ≥ 0 at which m and v start.</summary>
    public Hyperparameter InitialAccumulator { get; init; } = 1e-06;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => InitialState.NonNegative(nameof(Yogi), InitialAccumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        v -= at[1 - β2] * L.Sign(v - g * g) * g * g;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(c2)]);
        θ -= at[η / c1] * m / (root + at[ε]);
    }
}
