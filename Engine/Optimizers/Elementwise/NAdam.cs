using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam with Nesterov momentum and the momentum schedule μₜ = β₁(1 − ½·0.96^(tψ)), as in PyTorch (Dozat, Incorporating Nesterov Momentum
/// into Adam, 2016): θ ← θ − η((1 − μₜ)/(1 − Πμ) · g + μₜ₊₁/(1 − Πμ·μₜ₊₁) · m) / (√(v/(1 − β₂ᵗ)) + ε), Πμ = μ₁…μₜ. optax's NAdam has a
/// constant μ (<c>adam(nesterov=True)</c>), Keras's has ψ = 1.
/// </summary>
public readonly record struct NAdam() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.002;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <summary>The speed ψ ≥ 0 with which the momentum grows to β₁.</summary>
    public Hyperparameter MomentumDecay { get; init; } = 0.004;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("Πμ", "mu_product")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε"), ψ = at.Hyper(MomentumDecay, "ψ");
        ref L m = ref state.First;
        ref L v = ref state.Second;

        S μ = at.Name("μₜ", β1 * (1 - 0.5 * S.Pow(0.96, at.T * ψ)));
        S μNext = at.Name("μₜ₊₁", β1 * (1 - 0.5 * S.Pow(0.96, (at.T + 1) * ψ)));
        S product = at.Name("Πμ", at.LoadScalar(0, 1) * μ);
        at.StoreScalar(0, product);

        m = at[β1] * m + at[1 - β1] * g;
        v = at[β2] * v + at[1 - β2] * g * g;
        S c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L root = at.Name("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(c2)]);
        θ -= (at[η * (1 - μ) / (1 - product)] * g + at[η * μNext / (1 - product * μNext)] * m) / (root + at[ε]);
    }
}
