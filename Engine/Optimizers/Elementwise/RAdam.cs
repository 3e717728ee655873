using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Adam whose step is rectified by r(ρₜ), and is plain momentum while ρₜ, the length of the approximated moving average, is at most 5:
/// the bound of PyTorch and optax, where the paper has 4 (Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020). ε
/// is added to the uncorrected √v, as in PyTorch.
/// </summary>
public readonly record struct RAdam() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

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

        S power = S.Pow(β2, at.T), c1 = at.Name("c₁", 1 - S.Pow(β1, at.T)), c2 = at.Name("c₂", 1 - power);
        S ρMax = at.Name("ρₘₐₓ", 2 / (1 - β2) - 1), ρ = at.Name("ρₜ", ρMax - 2 * at.T * power / c2);
        S q = at.Name("q", S.Max(ρ, 5)); // the rectification is real from 4 on, and is used above 5 only
        S r = at.Name("rₜ", S.Sqrt((q - 4) * (q - 2) * ρMax / ((ρMax - 4) * (ρMax - 2) * q)));
        S adaptive = at.Name("ηₐ", S.WhereGreater(ρ, 5, η * r * S.Sqrt(c2) / c1, 0));
        S plain = at.Name("ηₘ", S.WhereGreater(ρ, 5, 0, η / c1));

        m = at[β1] * m + at[1 - β1] * g;
        v = at[β2] * v + at[1 - β2] * g * g;
        θ -= at[adaptive] * m / (L.Sqrt(v) + at[ε]) + at[plain] * m;
    }
}
