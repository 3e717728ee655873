using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// <see cref="RmsProp"/> with the variance v − ḡ² in place of v, and with momentum (Graves, Generating Sequences with Recurrent Neural
/// Networks, 2013). The variance cannot fall below zero by rounding, where PyTorch returns NaN after some thousand steps on a constant
/// gradient.
/// </summary>
public readonly record struct CenteredRmsProp() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>
    /// The decay rate α in [0, 1) of the mean of the squared gradient: PyTorch's default is 0.99, that of optax, Keras and Hinton 0.9.
    /// </summary>
    public Hyperparameter Alpha { get; init; } = 0.99;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <summary>The momentum μ ≥ 0; the buffer forgets where μ is below 1, and 0 is no momentum.</summary>
    public Hyperparameter Momentum { get; init; } = 0;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("v", "square_avg"), ("b", "momentum_buffer"), ("ḡ", "grad_avg")];

    /// <summary>Whether ε stands inside the root, √(v + ε), as in optax and TensorFlow, instead of outside, √v + ε.</summary>
    public bool EpsilonInsideRoot { get; init; }

    /// <summary>The value v₀ ≥ 0 at which v starts: 0 in PyTorch, optax's <c>initial_scale</c>.</summary>
    public double InitialScale { get; init; }

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => index == 0 ? InitialState.NonNegative(nameof(CenteredRmsProp), InitialScale) : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), α = at.Hyper(Alpha, "α", lessThan: 1), ε = at.Hyper(Epsilon, "ε"), μ = at.Hyper(Momentum, "μ");
        ref L v = ref state.First;
        ref L b = ref state.Second;
        ref L mean = ref state.Third;

        v = at[α] * v + at[1 - α] * g * g;
        mean = at[α] * mean + at[1 - α] * g;
        L variance = at.Name("σ²", L.Max(v - mean * mean, 0));
        b = at[μ] * b + g / (EpsilonInsideRoot ? L.Sqrt(variance + at[ε]) : L.Sqrt(variance) + at[ε]);
        θ -= at[η] * b;
    }
}
