using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent by the mean of the gradient over the root of the mean of its square: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ
/// − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε) (Kingma &amp; Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1). The
/// defaults are the paper's and PyTorch's.
/// </summary>
public readonly record struct Adam() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root, after the bias correction.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

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

        m = at[β1] * m + at[1 - β1] * g;
        v = at[β2] * v + at[1 - β2] * g * g;
        S c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(c2)]);
        θ -= at[η / c1] * m / (root + at[ε]);
    }
}
