using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent scaled by the sum of the squared gradients: s ← s + g², θ ← θ − η/(1 + (t − 1)δ) · g/(√s + ε) (Duchi, Hazan &amp;
/// Singer, Adaptive Subgradient Methods, 2011, the diagonal form). On a constant gradient step t has the size η·|g|/(√t·|g| + ε). PyTorch
/// starts s at 0 with ε = 10⁻¹⁰, optax and Keras at 0.1 with 10⁻⁷.
/// </summary>
public readonly record struct Adagrad() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>The decay δ ≥ 0 of the learning rate, which is divided by 1 + (t − 1)δ.</summary>
    public Hyperparameter LearningRateDecay { get; init; } = 0;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-10;

    /// <summary>The value s₀ ≥ 0 at which s starts.</summary>
    public Hyperparameter InitialAccumulator { get; init; } = 0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("s", "sum")];

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => InitialState.NonNegative(nameof(Adagrad), InitialAccumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), δ = at.Hyper(LearningRateDecay, "δ"), ε = at.Hyper(Epsilon, "ε");
        ref L s = ref state.First;

        s += g * g;
        θ -= at[η / (1 + (at.T - 1) * δ)] * g / (L.Sqrt(s) + at[ε]);
    }
}
