using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam with the infinity norm in place of the second moment: u ← max(β₂u, |g| + ε), θ ← θ − η/(1 − β₁ᵗ) · m/u (Kingma &amp; Ba, Adam,
/// 2015, algorithm 2). ε is added to |g|, as in PyTorch and optax; Keras adds it to u.
/// </summary>
public readonly record struct Adamax() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.002;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the infinity norm u.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added to |g|.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("u", "exp_inf")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L u = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        u = L.Max(at[β2] * u, L.Abs(g) + at[ε]);
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T));
        θ -= at[η / c1] * m / u;
    }
}
