using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Descent along the sign of the gradient: θ ← θ − η·sign g (Bernstein et al., signSGD: Compressed Optimisation for Non-Convex Problems,
/// 2018, algorithm 1).
/// </summary>
public readonly record struct SignSgd() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.001;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η");

        θ -= at[η] * L.Sign(g);
    }
}
