using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Heavy-ball momentum: b ← μb + (1 − τ)g, θ ← θ − ηb; the first b is g itself, undamped (Polyak, Some methods of speeding up the
/// convergence of iteration methods, 1964). As in PyTorch's SGD with momentum, η stands outside the buffer, so that a change of the
/// learning rate acts at once.
/// </summary>
public readonly record struct Momentum() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The momentum μ ≥ 0; the buffer forgets where μ is below 1.</summary>
    public Hyperparameter Coefficient { get; init; } = 0.9;

    /// <summary>The dampening τ ≥ 0 of the gradient.</summary>
    public Hyperparameter Dampening { get; init; } = 0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("b", "momentum_buffer")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), μ = at.Hyper(Coefficient, "μ"), τ = at.Hyper(Dampening, "τ");
        ref L b = ref state.First;

        b = at[μ] * b + at[S.WhereGreater(at.T, 1, 1 - τ, 1)] * g;
        θ -= at[η] * b;
    }
}
