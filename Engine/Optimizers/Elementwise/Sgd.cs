using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent: θ ← θ − ηg. On ½ax² it is xₜ = (1 − ηa)ᵗx₀.
/// Robbins &amp; Monro, A Stochastic Approximation Method, 1951. Default η: PyTorch's.
/// </summary>
public readonly record struct Sgd() : IRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η");

        θ -= at[η] * g;
    }
}
