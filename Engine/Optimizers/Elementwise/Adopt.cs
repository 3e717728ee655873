using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam that divides the gradient by the previous v, and clips it at t^¼, before it enters the momentum (Taniguchi et al., ADOPT:
/// Modified Adam Can Converge with Any β₂ with the Optimal Rate, 2024, algorithm 2, clipped). The first update only sets v = g².
/// </summary>
public readonly record struct Adopt() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.9999;

    /// <summary>The smallest divisor ε ≥ 0.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-06;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;

        S later = S.WhereGreater(at.T, 1, 1, 0); // 0 at the first update
        L c = at[at.Name("cₜ", S.Pow(S.Max(at.T - 1, 0), 0.25))];
        L normed = at.Name("u", L.Min(L.Max(g / L.Max(L.Sqrt(v), at[ε]), -c), c));
        m = at[S.WhereGreater(at.T, 1, β1, 1)] * m + at[later * (1 - β1)] * normed;
        θ -= at[later * η] * m;
        v = at[later * β2] * v + at[1 - later * β2] * g * g;
    }
}
