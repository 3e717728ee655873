using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam with a second, slow mean of the gradient, which is not bias-corrected and has the weight α (Pagliardini, Ablin &amp; Grangier,
/// The AdEMAMix Optimizer: Better, Faster, Older, 2024, algorithm 1). The paper warms α and β₃ up; both may be schedules.
/// </summary>
public readonly record struct AdEmaMix() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The decay rate β₃ in [0, 1) of the second, slow mean of the gradient.</summary>
    public Hyperparameter Beta3 { get; init; } = 0.9999;

    /// <summary>The weight α ≥ 0 of the slow mean.</summary>
    public Hyperparameter Alpha { get; init; } = 5.0;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq"), ("m₂", "exp_avg_slow")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S β3 = at.Hyper(Beta3, "β₃", lessThan: 1), α = at.Hyper(Alpha, "α"), ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;
        ref L slow = ref state.Third;

        m = at[β1] * m + at[1 - β1] * g;
        slow = at[β3] * slow + at[1 - β3] * g;
        v = at[β2] * v + at[1 - β2] * g * g;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(c2)]);
        θ -= (at[η / c1] * m + at[η * α] * slow) / (root + at[ε]);
    }
}
