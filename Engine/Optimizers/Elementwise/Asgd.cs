using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent whose iterates are averaged: θ ← (1 − λ̃ηₜ)θ − ηₜg with ηₜ = η/(1 + λ̃η(t − 1))^α, and the average θ̄ ← θ̄ + μₜ(θ −
/// θ̄) with μₜ = 1/max(1, t − 1 − t₀), at which the model is evaluated (Polyak &amp; Juditsky, Acceleration of Stochastic Approximation
/// by Averaging, 1992, as in PyTorch's ASGD).
/// </summary>
public readonly record struct Asgd() : IAveragedRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>The weight decay λ̃ ≥ 0 inside the rule.</summary>
    public Hyperparameter Lambda { get; init; } = 0.0001;

    /// <summary>The exponent α ≥ 0 with which the learning rate falls.</summary>
    public Hyperparameter Power { get; init; } = 0.75;

    /// <summary>The update t₀ ≥ 0 after which averaging starts.</summary>
    public Hyperparameter AveragingStart { get; init; } = 1000000.0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("θ̄", "ax")];

    /// <summary>The average θ̄, at which the model is evaluated.</summary>
    L IAveragedRule.EvaluationPoint<S, L>(ref Step<S, L> at, L θ, in State<L> state) => state.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), λ = at.Hyper(Lambda, "λ̃"), α = at.Hyper(Power, "α"), from = at.Hyper(AveragingStart, "t₀");
        ref L ax = ref state.First;

        S ηt = at.Name("ηₜ", η / S.Pow(1 + λ * η * (at.T - 1), α)), μ = at.Name("μₜ", 1 / S.Max(1, at.T - 1 - from));

        θ = at[1 - λ * ηt] * θ - at[ηt] * g;
        ax = at[1 - μ] * ax + at[μ] * θ;
    }
}
