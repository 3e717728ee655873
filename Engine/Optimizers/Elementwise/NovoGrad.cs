using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Momentum on the gradient divided by a running norm of the whole parameter: v ← β₂v + (1 − β₂)‖g‖², v₁ = ‖g₁‖²; m ← β₁m + (g/(√v + ε) +
/// λθ), m₁ without β₁; θ ← θ − ηm (Ginsburg et al., Stochastic Gradient Methods with Layer-wise Adaptive Moments, 2019, algorithm 1). The
/// weight decay of the paper is <see cref="Decay"/>.
/// </summary>
public readonly record struct NovoGrad() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>The decay rate β₁ in [0, 1) of the momentum.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.95;

    /// <summary>The decay rate β₂ in [0, 1) of the squared norm; optax's default is 0.25.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.98;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <summary>The weight decay λ ≥ 0 inside the momentum.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg")];

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public static bool NeedsGradientNorm => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1);
        S ε = at.Hyper(Epsilon, "ε"), λ = at.Hyper(Decay, "λ");
        ref L m = ref state.First;

        S square = at.GradientNorm * at.GradientNorm;
        S v = at.Name("v", S.WhereGreater(at.T, 1, β2 * at.LoadScalar(0, 0) + (1 - β2) * square, square));
        at.StoreScalar(0, v);

        m = at[β1] * m + (at[1 / (S.Sqrt(v) + ε)] * g + at[λ] * θ);
        θ -= at[η] * m;
    }
}
