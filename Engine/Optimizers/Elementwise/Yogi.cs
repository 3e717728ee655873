using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Zaheer et al., Adaptive Methods for Nonconvex Optimization, 2018, algorithm 2: v ← v − (1 − β₂)·sign(v − g²)·g², so that v changes by no more than g² allows;
/// θ ← θ − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε). m and v start at <see cref="InitialAccumulator"/>, as in optax and the authors' code.
/// </summary>
public readonly record struct Yogi() : IRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>ε ≥ 0, outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 0.001;

    /// <summary>What m and v start at.</summary>
    public Hyperparameter InitialAccumulator { get; init; } = 1e-06;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<string> StateNames { get; } = ["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    public InitialState Initial(int index) => InitialState.NonNegative(InitialAccumulator.At(0), nameof(InitialAccumulator));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state) where S : ILane<S> where L : ILane<L>
    {
        S η = at.Hyper(LearningRate, "η"), β1 = at.Hyper(Beta1, "β₁", below: 1), β2 = at.Hyper(Beta2, "β₂", below: 1), ε = at.Hyper(Epsilon, "ε");
        ref L m = ref state.First;
        ref L v = ref state.Second;

        m = at[β1] * m + at[1 - β1] * g;
        v -= at[1 - β2] * L.Sign(v - g * g) * g * g;
        L root = at.Let("√v̂", L.Sqrt(v) * at[1 / S.Sqrt(1 - S.Pow(β2, at.T))]);
        θ -= at[η / (1 - S.Pow(β1, at.T))] * m / (root + at[ε]);
    }
}
