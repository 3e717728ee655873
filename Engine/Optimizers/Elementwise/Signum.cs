using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Descent along the sign of the mean of the gradient: m ← βm + (1 − β)g, θ ← θ − η·sign m (Bernstein et al., signSGD, 2018, algorithm
/// 2).
/// </summary>
public readonly record struct Signum() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <summary>The decay rate β in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta { get; init; } = 0.9;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("m", "momentum_buffer")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), β = at.Hyper(Beta, "β", lessThan: 1);
        ref L m = ref state.First;

        m = at[β] * m + at[1 - β] * g;
        θ -= at[η] * L.Sign(m);
    }
}
