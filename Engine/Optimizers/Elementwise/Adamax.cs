using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Kingma &amp; Ba, Adam, 2015, algorithm 2 (the infinity norm): u ← max(β₂u, |g| + ε), θ ← θ − η/(1 − β₁ᵗ) · m/u.
/// ε stands beside |g|, as in PyTorch; optax has it so too, Keras adds it to u.
/// </summary>
public readonly record struct Adamax() : IRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.002;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>ε ≥ 0, added to |g|.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("u", "exp_inf")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L u = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        u = L.Max(at[β2] * u, L.Abs(g) + at[ε]);
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T));
        θ -= at[η / c1] * m / u;
    }
}
