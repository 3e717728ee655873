using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Bernstein et al., signSGD: Compressed Optimisation for Non-Convex Problems, 2018, algorithm 1: θ ← θ − η·sign g.
/// </summary>
public readonly record struct SignSgd() : IRule
{
    /// <summary>η ≥ 0.</summary>
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
