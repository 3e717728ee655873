using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Adam whose step is scaled, for each parameter, to the length η‖θ‖ (You et al., Large Batch Optimization for Deep Learning, 2020,
/// algorithm 2). The weight decay of the paper is <see cref="Decay"/>. The defaults are optax's.
/// </summary>
/// <remarks>
/// <code>
/// m ← β₁m + (1 − β₁)g
/// v ← β₂v + (1 − β₂)g²
/// c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ
/// u = (m/c₁)/(√v/√c₂ + ε) + λθ
/// r = min(‖θ‖, γ)/‖u‖, or 1 where either of the two is 0
/// θ ← θ − ηru
/// without BiasCorrection: c₁ = c₂ = 1
/// </code>
/// </remarks>
public readonly record struct Lamb() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0: the length of a step as a part of ‖θ‖.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The constant ε ≥ 0 that is added outside the root, after the bias correction.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-6;

    /// <summary>The weight decay λ ≥ 0 inside u.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>The bound γ ≥ 0 on ‖θ‖ in the trust ratio; the paper tries several, libraries have 10 or none.</summary>
    public Hyperparameter MaxParameterNorm { get; init; } = double.MaxValue;

    /// <summary>Whether m and v are bias-corrected; some libraries do not.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "exp_avg", shape), new("v", "exp_avg_sq", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1);
        double ε = step.Hyper(Epsilon, "ε"), λ = step.Hyper(Decay, "λ"), γ = step.Hyper(MaxParameterNorm, "γ");
        Span<T> θ = step.Value, m = step.State(0), v = step.State(1), u = step.Scratch(θ.Length);
        double c1 = BiasCorrection ? 1 - Power.Of(β1, step.Number) : 1;
        double c2 = BiasCorrection ? 1 - Power.Of(β2, step.Number) : 1;

        Vectors.Average(m, β1, step.Gradient);
        Vectors.AverageSquares(v, β2, step.Gradient);
        Vectors.DivideByRoot(m, 1 / c1, v, 1 / Math.Sqrt(c2), ε, u);
        Vectors.AddScaled(u, λ, θ);
        double norm = Math.Min(Vectors.Norm<T>(θ), γ), divisor = Vectors.Norm<T>(u);
        double r = norm == 0 || divisor == 0 ? 1 : norm / divisor;
        Vectors.AddScaled(θ, -η * r, u);
    }
}
