using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// <see cref="ScheduleFreeSgd"/> on the gradient scaled by Adam's second moment, u = g/(√(v/(1 − β₂ᵗ)) + ε) + λθ (Defazio et al., The
/// Road Less Scheduled, 2024, algorithm 1, as in the authors' package). There is no first moment: the average takes its place. The weight
/// decay of the paper is <see cref="Decay"/>.
/// </summary>
public readonly record struct ScheduleFreeAdamW() : IAveragedRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.0025;

    /// <summary>The weight β₁ in (0, 1) of the average in y.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <summary>The weight decay λ ≥ 0 at y, inside the scaled gradient.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>The number T₊ ≥ 0 of updates over which the learning rate rises linearly.</summary>
    public Hyperparameter WarmupSteps { get; init; } = 0;

    /// <summary>The exponent r ≥ 0 of t in the weight of a point.</summary>
    public Hyperparameter Power { get; init; } = 0.0;

    /// <summary>The exponent p ≥ 0 of the largest learning rate so far in the weight of a point.</summary>
    public Hyperparameter LearningRatePower { get; init; } = 2.0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("z", "z"), ("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("Σw", "weight_sum"), ("ηₘₐₓ", "lr_max")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => index == 0 ? InitialState.Parameter : 0;

    /// <summary>The average x = y + (1 − 1/β)(z − y), at which the model is evaluated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    L IAveragedRule.EvaluationPoint<S, L>(ref Step<S, L> at, L θ, in State<L> state)
    {
        L y = θ, z = state.First;
        return y + at[1 - 1 / at.Hyper(Beta1, "β₁", greaterThan: 0, lessThan: 1)] * (z - y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", greaterThan: 0, lessThan: 1);
        S β2 = at.Hyper(Beta2, "β₂", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        S λ = at.Hyper(Decay, "λ"), warmup = at.Hyper(WarmupSteps, "T₊"), r = at.Hyper(Power, "r"), p = at.Hyper(LearningRatePower, "p");
        ref L z = ref state.First;
        ref L v = ref state.Second;

        S rate = at.Name("ηₜ", η * S.WhereGreater(warmup, at.T, at.T / S.Max(warmup, 1), 1)), largest = S.Max(at.LoadScalar(1, 0), rate);
        S weight = at.Name("wₜ", S.Pow(at.T, r) * S.Pow(largest, p)), sum = at.LoadScalar(0, 0) + weight;
        S c = at.Name("cₜ", S.WhereGreater(sum, 0, weight / sum, 0));
        at.StoreScalar(0, sum);
        at.StoreScalar(1, largest);

        v = at[β2] * v + at[1 - β2] * g * g;
        S c2 = at.Name("c₂", 1 - S.Pow(β2, at.T));
        L u = at.Name("u", g / (L.Sqrt(v) * at[1 / S.Sqrt(c2)] + at[ε]) + at[λ] * θ);
        θ = at[1 - c] * θ + at[c] * z + at[rate * (β1 * (1 - c) - 1)] * u;
        z -= at[rate] * u;
    }
}
