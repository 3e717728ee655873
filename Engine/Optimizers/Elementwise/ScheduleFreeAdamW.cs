using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Defazio et al., The Road Less Scheduled, 2024, algorithm 1, as in the authors' package: <see cref="ScheduleFreeSgd"/> on the gradient that Adam's second moment has scaled,
/// u = g/(√(v/(1 − β₂ᵗ)) + ε) + λθ. There is no first moment: the average takes its place. The paper's own decay is <see cref="Decay"/>.
/// </summary>
public readonly record struct ScheduleFreeAdamW() : IAveragedRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.0025;

    /// <summary>β₁ in (0, 1): how much of the average is in y.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>ε ≥ 0, outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <summary>λ ≥ 0: decay at y, in the scaled gradient.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>Updates of linear warm-up.</summary>
    public Hyperparameter Warmup { get; init; } = 0;

    /// <summary>The weight of a point grows with tʳ.</summary>
    public Hyperparameter Power { get; init; } = 0.0;

    /// <summary>… and with the p-th power of the largest rate so far.</summary>
    public Hyperparameter RatePower { get; init; } = 2.0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("z", "z"), ("v", "exp_avg_sq")];

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("Σw", "weight_sum"), ("ηₘₐₓ", "lr_max")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => index == 0 ? InitialState.Parameter : 0;

    /// <summary>x = y + (1 − 1/β)(z − y): the average, at which the model is to be evaluated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    L IAveragedRule.EvaluationPoint<S, L>(ref Step<S, L> at, L θ, in State<L> state)
    {
        L y = θ, z = state.First;
        return y + at[1 - 1 / at.Hyper(Beta1, "β₁", greaterThan: 0, lessThan: 1)] * (z - y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", greaterThan: 0, lessThan: 1), β2 = at.Hyper(Beta2, "β₂", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        S λ = at.Hyper(Decay, "λ"), warmup = at.Hyper(Warmup, "T₊"), r = at.Hyper(Power, "r"), p = at.Hyper(RatePower, "p");
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
