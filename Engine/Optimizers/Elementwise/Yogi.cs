using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Zaheer et al., Adaptive Methods for Nonconvex Optimization, 2018, algorithm 2: v ← v − (1 − β₂)·sign(v − g²)·g², so that v changes by no more than g² allows;
/// θ ← θ − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε). m and v start at <see cref="InitialAccumulator"/>, as in optax and the authors' code.
/// </summary>
public readonly record struct Yogi() : IRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>ε ≥ 0, outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 0.001;

    /// <summary>What m and v start at.</summary>
    public Hyperparameter InitialAccumulator { get; init; } = 1e-06;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => InitialState.NonNegative(InitialAccumulator.At(0), nameof(InitialAccumulator));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        v -= at[1 - β2] * L.Sign(v - g * g) * g * g;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(c2)]);
        θ -= at[η / c1] * m / (root + at[ε]);
    }
}
