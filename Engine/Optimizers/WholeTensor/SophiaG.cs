using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Liu et al., Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training, 2023, with the Gauss–Newton–Bartlett estimate, as in the authors' code:
/// m ← β₁m + (1 − β₁)g, θ ← θ − η·clip(m/(ρBh + 10⁻¹⁵), 1), where h ← β₂h + (1 − β₂)ĝ² every k steps, by <see cref="TensorRuleExtensions.UpdateCurvature{T}"/> on the gradient ĝ of the loss
/// with labels drawn from the model. With h = 0 the step is the sign's.
/// </summary>
public readonly record struct SophiaG() : ICurvatureRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-4;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.965;

    /// <summary>β₂ in [0, 1): how slowly the curvature forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.99;

    /// <summary>ρ ≥ 0: how much of the curvature counts.</summary>
    public Hyperparameter Rho { get; init; } = 0.04;

    /// <summary>B ≥ 0: the size of the batch that ĝ is the mean over.</summary>
    public Hyperparameter BatchSize { get; init; } = 5120;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; } = WeightDecay.Decoupled(0.1);

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "exp_avg", shape), new("h", "hessian", shape)];

    /// <inheritdoc/>
    public void UpdateCurvature<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T> =>
        Vectors.AverageSquares(step.State(1), step.Hyper(Beta2, "β₂", lessThan: 1), step.Gradient);

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), ρ = step.Hyper(Rho, "ρ"), B = step.Hyper(BatchSize, "B");
        _ = step.Hyper(Beta2, "β₂", lessThan: 1); // before the first curvature comes
        Span<T> θ = step.Value, m = step.State(0), h = step.State(1), u = step.Scratch(θ.Length);

        Vectors.Average(m, β1, step.Gradient);
        TensorPrimitives.Multiply(h, T.CreateTruncating(ρ * B), u);
        TensorPrimitives.Add(u, T.CreateTruncating(1e-15), u);
        TensorPrimitives.Divide(m, u, u);
        TensorPrimitives.Min(u, T.One, u);
        TensorPrimitives.Max(u, -T.One, u);
        Vectors.AddScaled(θ, -η, u);
    }
}
