using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Nesterov momentum with adaptive steps: m, d and n are means of g, g − g₋₁ and (g + β₂(g − g₋₁))², and θ ← θ − η(m̂ + β₂d̂)/(√n̂ + ε);
/// the first difference is 0 (Xie et al., Adan: Adaptive Nesterov Momentum Algorithm, 2022, algorithm 1, with the bias corrections of the
/// authors' code). Each β is 1 minus the paper's.
/// </summary>
public readonly record struct Adan() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.98;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the difference g − g₋₁.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.92;

    /// <summary>The decay rate β₃ in [0, 1) of the mean of the square.</summary>
    public Hyperparameter Beta3 { get; init; } = 0.99;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } =
        [("m", "exp_avg"), ("n", "exp_avg_sq"), ("d", "exp_avg_diff"), ("g₋₁", "previous_grad")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S β3 = at.Hyper(Beta3, "β₃", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L n = ref state.Second;
        ref L d = ref state.Third;
        ref L previous = ref state.Fourth;

        L Δ = at.Name("Δ", at[S.WhereGreater(at.T, 1, 1, 0)] * (g - previous));
        L u = at.Name("u", g + at[β2] * Δ);
        m = at[β1] * m + at[1 - β1] * g;
        d = at[β2] * d + at[1 - β2] * Δ;
        n = at[β3] * n + at[1 - β3] * u * u;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T)), c3 = at.Name("c₃", 1 - S.Pow(β3, at.T));
        L root = at.Name("√n̂", L.Sqrt(n) * at[1 / S.Sqrt(c3)]);
        θ -= (at[η / c1] * m + at[η * β2 / c2] * d) / (root + at[ε]);
        previous = g;
    }
}
