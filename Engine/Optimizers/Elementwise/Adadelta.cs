using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent whose learning rate is the ratio of two means: v ← ρv + (1 − ρ)g², Δ = √(a + ε)/√(v + ε) · g, a ← ρa + (1 − ρ)Δ², θ ←
/// θ − ηΔ (Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, algorithm 1). The paper has η = 1; Keras's default is 0.001.
/// </summary>
public readonly record struct Adadelta() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1.0;

    /// <summary>The decay rate ρ in [0, 1) of both means.</summary>
    public Hyperparameter Rho { get; init; } = 0.9;

    /// <summary>The constant ε ≥ 0 that is added inside both roots.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-06;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("v", "square_avg"), ("a", "acc_delta")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), ρ = at.Hyper(Rho, "ρ", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L v = ref state.First;
        ref L a = ref state.Second;

        v = at[ρ] * v + at[1 - ρ] * g * g;
        L Δ = at.Name("Δ", L.Sqrt(a + at[ε]) / L.Sqrt(v + at[ε]) * g);
        a = at[ρ] * a + at[1 - ρ] * Δ * Δ;
        θ -= at[η] * Δ;
    }
}
