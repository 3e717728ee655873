using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Gradient descent scaled by the root of the mean square: v ← αv + (1 − α)g², θ ← θ − η·g/(√v + ε) (Hinton, Lecture 6.5 of Neural
/// Networks for Machine Learning, 2012).
/// </summary>
public readonly record struct RmsProp() : IRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>
    /// The decay rate α in [0, 1) of the mean of the squared gradient: PyTorch's default is 0.99, that of optax, Keras and Hinton 0.9.
    /// </summary>
    public Hyperparameter Alpha { get; init; } = 0.99;

    /// <summary>The constant ε ≥ 0 that is added outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-08;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("v", "square_avg")];

    /// <summary>Whether ε stands inside the root, √(v + ε), as in optax and TensorFlow, instead of outside, √v + ε.</summary>
    public bool EpsilonInsideRoot { get; init; }

    /// <summary>The value v₀ ≥ 0 at which v starts: 0 in PyTorch, optax's <c>initial_scale</c>.</summary>
    public double InitialScale { get; init; }

    /// <inheritdoc/>
    public InitialState InitialValue(int index) => InitialState.NonNegative(nameof(RmsProp), InitialScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), α = at.Hyper(Alpha, "α", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L v = ref state.First;

        v = at[α] * v + at[1 - α] * g * g;
        θ -= at[η] * g / (EpsilonInsideRoot ? L.Sqrt(v + at[ε]) : L.Sqrt(v) + at[ε]);
    }
}
