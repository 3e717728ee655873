using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Descent along the sign of an interpolated momentum: θ ← θ − η·sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g, with decoupled weight decay
/// (Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, program 2). Every element moves by η, so take an η 3 to 10 times
/// smaller than Adam's. optax decays by 0.001 by default.
/// </summary>
public readonly record struct Lion() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.0001;

    /// <summary>The weight β₁ in [0, 1) of the momentum in the step.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the momentum.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.99;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        ref L m = ref state.First;

        θ -= at[η] * L.Sign(at[β1] * m + at[1 - β1] * g);
        m = at[β2] * m + at[1 - β2] * g;
    }
}
