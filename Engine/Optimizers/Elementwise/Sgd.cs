using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent: θ ← θ − ηg (Robbins &amp; Monro, A Stochastic Approximation Method, 1951). On ½ax² its path is xₜ = (1 − ηa)ᵗx₀. The
/// default η is PyTorch's.
/// </summary>
public readonly record struct Sgd() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
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
