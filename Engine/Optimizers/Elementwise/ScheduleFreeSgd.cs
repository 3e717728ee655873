using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent whose learning rate needs no schedule: θ holds y = (1 − β)z + βx, where z descends and x is a weighted average of the
/// z, at which the model is evaluated: y ← (1 − cₜ)y + cₜz + ηₜ(β(1 − cₜ) − 1)g, z ← z − ηₜg, cₜ = wₜ/Σw (Defazio et al., The Road Less
/// Scheduled, 2024, as in the authors' package). L2 weight decay is taken at y.
/// </summary>
public readonly record struct ScheduleFreeSgd() : IAveragedRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1.0;

    /// <summary>The weight β in (0, 1) of the average in y.</summary>
    public Hyperparameter Beta { get; init; } = 0.9;

    /// <summary>The number T₊ ≥ 0 of updates over which the learning rate rises linearly.</summary>
    public Hyperparameter WarmupSteps { get; init; } = 0;

    /// <summary>The exponent r ≥ 0 of t in the weight of a point.</summary>
    public Hyperparameter Power { get; init; } = 0.0;

    /// <summary>The exponent p ≥ 0 of the largest learning rate so far in the weight of a point.</summary>
    public Hyperparameter LearningRatePower { get; init; } = 2.0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("z", "z")];

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("Σw", "weight_sum"), ("ηₘₐₓ", "lr_max")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => InitialState.Parameter;

    /// <summary>The average x = y + (1 − 1/β)(z − y), at which the model is evaluated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    L IAveragedRule.EvaluationPoint<S, L>(ref Step<S, L> at, L θ, in State<L> state)
    {
        L y = θ, z = state.First;
        return y + at[1 - 1 / at.Hyper(Beta, "β", greaterThan: 0, lessThan: 1)] * (z - y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β = at.Hyper(Beta, "β", greaterThan: 0, lessThan: 1);
        S warmup = at.Hyper(WarmupSteps, "T₊"), r = at.Hyper(Power, "r"), p = at.Hyper(LearningRatePower, "p");
        ref L z = ref state.First;

        S rate = at.Name("ηₜ", η * S.WhereGreater(warmup, at.T, at.T / S.Max(warmup, 1), 1)), largest = S.Max(at.LoadScalar(1, 0), rate);
        S weight = at.Name("wₜ", S.Pow(at.T, r) * S.Pow(largest, p)), sum = at.LoadScalar(0, 0) + weight;
        S c = at.Name("cₜ", S.WhereGreater(sum, 0, weight / sum, 0));
        at.StoreScalar(0, sum);
        at.StoreScalar(1, largest);

        θ = at[1 - c] * θ + at[c] * z + at[rate * (β * (1 - c) - 1)] * g;
        z -= at[rate] * g;
    }
}
