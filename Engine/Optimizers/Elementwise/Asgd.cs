using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Polyak &amp; Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992, as in PyTorch's ASGD: θ ← (1 − ληₜ)θ − ηₜg with ηₜ = η/(1 + λη(t − 1))^α, and the
/// average ax ← ax + μₜ(θ − ax) with μₜ = 1/max(1, t − 1 − t₀): the point to be evaluated is ax.
/// </summary>
public readonly record struct Asgd() : IAveragedRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>λ ≥ 0: the decay in the rule itself.</summary>
    public Hyperparameter Lambda { get; init; } = 0.0001;

    /// <summary>α ≥ 0: how the rate falls.</summary>
    public Hyperparameter Power { get; init; } = 0.75;

    /// <summary>t₀ ≥ 0: the update after which the average begins.</summary>
    public Hyperparameter AverageFrom { get; init; } = 1000000.0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("θ̄", "ax")];

    /// <summary>ax: the average, at which the model is to be evaluated.</summary>
    L IAveragedRule.EvaluationPoint<S, L>(ref Step<S, L> at, L θ, in State<L> state) => state.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), λ = at.Hyper(Lambda, "λ̃"), α = at.Hyper(Power, "α"), from = at.Hyper(AverageFrom, "t₀");
        ref L ax = ref state.First;

        S ηt = at.Name("ηₜ", η / S.Pow(1 + λ * η * (at.T - 1), α)), μ = at.Name("μₜ", 1 / S.Max(1, at.T - 1 - from));

        θ = at[1 - λ * ηt] * θ - at[ηt] * g;
        ax = at[1 - μ] * ax + at[μ] * θ;
    }
}
