using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// You et al., Large Batch Optimization for Deep Learning, 2020, algorithm 2: Adam's direction u = m̂/(√v̂ + ε) + λθ, stepped at the length η·φ(‖θ‖):
/// θ ← θ − η·φ(‖θ‖)/‖u‖·u, with φ(z) = min(z, γ), and the ratio 1 where a norm is 0. The paper's own decay is <see cref="Decay"/>. Defaults: optax's.
/// </summary>
public readonly record struct Lamb() : ITensorRule
{
    /// <summary>η ≥ 0: the length of a step as a part of ‖θ‖.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>ε ≥ 0, outside the root and after the correction.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-6;

    /// <summary>λ ≥ 0: decay in the direction.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>γ ≥ 0: the largest ‖θ‖ that counts; the paper tries several, libraries have 10 or no bound.</summary>
    public Hyperparameter LargestNorm { get; init; } = double.MaxValue;

    /// <summary>Whether m and v are corrected for their start at 0; some libraries do not.</summary>
    public bool CorrectsBias { get; init; } = true;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "exp_avg", shape), new("v", "exp_avg_sq", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1), ε = step.Hyper(Epsilon, "ε");
        double λ = step.Hyper(Decay, "λ"), γ = step.Hyper(LargestNorm, "γ");
        Span<T> θ = step.Value, m = step.State(0), v = step.State(1), u = step.Scratch(θ.Length);
        double c1 = CorrectsBias ? 1 - Elementary.Pow(β1, step.Number) : 1, c2 = CorrectsBias ? 1 - Elementary.Pow(β2, step.Number) : 1;

        Vectors.Average(m, β1, step.Gradient);
        Vectors.AverageSquares(v, β2, step.Gradient);
        Vectors.DivideByRoot(m, 1 / c1, v, 1 / Math.Sqrt(c2), ε, u);
        Vectors.AddScaled(u, λ, θ);
        double size = Math.Min(Vectors.Norm<T>(θ), γ), length = Vectors.Norm<T>(u);
        double r = size == 0 || length == 0 ? 1 : size / length;
        Vectors.AddScaled(θ, -η * r, u);
    }
}
