using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Nesterov's accelerated gradient, as PyTorch and Sutskever et al. (2013) write it: b ← μb + g, θ ← θ − η(g + μb) (Nesterov, A method
/// for solving a convex programming problem with convergence rate O(1/k²), 1983).
/// </summary>
public readonly record struct Nesterov() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The momentum μ ≥ 0; the buffer forgets where μ is below 1.</summary>
    public Hyperparameter Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("b", "momentum_buffer")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), μ = at.Hyper(Momentum, "μ");
        ref L b = ref state.First;

        b = at[μ] * b + g;
        θ -= at[η] * (g + at[μ] * b);
    }
}
