using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// Momentum divided by the curvature of the loss and clipped element by element, with the Gauss–Newton–Bartlett estimate of the curvature
/// (Liu et al., Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training, 2023, as in the authors' code).
/// Every few steps <see cref="TensorRuleExtensions.UpdateCurvature{T}"/> takes the gradient ĝ of the loss with labels drawn from the
/// model. With h = 0 a step is in the direction of the sign.
/// </summary>
/// <remarks>
/// <code>
/// m ← β₁m + (1 − β₁)g
/// u = clip(m/(ρBh + 10⁻¹⁵), −1, 1)
/// θ ← θ − ηu
/// UpdateCurvature: h ← β₂h + (1 − β₂)ĝ²
/// </code>
/// </remarks>
public readonly record struct SophiaG() : ICurvatureRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-4;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.965;

    /// <summary>The decay rate β₂ in [0, 1) of the curvature.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.99;

    /// <summary>The weight ρ ≥ 0 of the curvature.</summary>
    public Hyperparameter Rho { get; init; } = 0.04;

    /// <summary>The size B ≥ 0 of the batch over which ĝ is the mean.</summary>
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
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1);
        double ρ = step.Hyper(Rho, "ρ"), B = step.Hyper(BatchSize, "B");
        _ = step.Hyper(Beta2, "β₂", lessThan: 1); // UpdateCurvature uses it: a value outside its range is found at the first step
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
